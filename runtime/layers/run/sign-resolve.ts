import type { ResolveRequest } from "../../contracts/builder";
import type { Batch } from "../../contracts/layers";
import type { ArtifactStore } from "../artifact-store";
import { keys } from "../keys";

/**
 * Makes the request that lets the builder resolve a batch and write its result. It is made just before it is used: a signed
 * URL dies with the credentials that signed it.
 */
export async function signResolve(
  { batch }: { readonly batch: Batch },
  artifacts: Pick<ArtifactStore, "signPut">,
): Promise<ResolveRequest> {
  const { python, packages, architectures } = batch;
  const outputUrl = await artifacts.signPut(keys.resolved(batch.runId, batch.batch));
  return { operation: "resolve", python, packages, architectures, outputUrl };
}
