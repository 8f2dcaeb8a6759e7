import { z } from "zod";
import type { BuildRequest, ResolveRequest } from "../../contracts/builder";
import { keys } from "../keys";
import { packageSchema, signBuildSchema, signResolveSchema } from "../../contracts/layers";
import type { ArtifactStore } from "../artifact-store";

/** Payload of the sign function. */
export const signSchema = z.discriminatedUnion("operation", [signResolveSchema, signBuildSchema]);

/**
 * Makes the request for the tool function. It is made just before it is used: a signed URL dies with the
 * credentials that signed it.
 */
export async function signRequest(
  payload: z.infer<typeof signSchema>,
  artifacts: Pick<ArtifactStore, "signGet" | "signPut">,
): Promise<ResolveRequest | BuildRequest> {
  if (payload.operation === "resolve") {
    const { runId, batch, python, packages, architectures } = payload.batch;
    return {
      operation: "resolve",
      python,
      packages: packages.map((spec) => packageSchema.parse(spec)),
      architectures,
      outputUrl: await artifacts.signPut(keys.resolved(runId, batch)),
    };
  }
  const { runId, item, itemKey } = payload.item;
  return {
    operation: "build",
    itemUrl: await artifacts.signGet(itemKey),
    uploadUrl: await artifacts.signPut(keys.staged(runId, item)),
  };
}
