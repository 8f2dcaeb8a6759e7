import type { BuildRequest } from "../../contracts/builder";
import type { Work } from "../../contracts/layers";
import type { ArtifactStore } from "../artifact-store";
import { keys } from "../keys";

/**
 * Makes the request that lets the builder read one item and upload one zip. It is made just before it is used: a signed URL
 * dies with the credentials that signed it.
 */
export async function signBuild(
  { item: { runId, item } }: { readonly item: Work },
  artifacts: Pick<ArtifactStore, "signGet" | "signPut">,
): Promise<BuildRequest> {
  return {
    operation: "build",
    itemUrl: await artifacts.signGet(keys.item(runId, item)),
    uploadUrl: await artifacts.signPut(keys.staged(runId, item)),
  };
}
