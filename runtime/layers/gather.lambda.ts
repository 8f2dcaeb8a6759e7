import { gatherEnvironment, gatherPayload, type GatherAnswer } from "../contracts/layers";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { artifactStoreIn } from "./clients";
import { gatherWork } from "./run/gather";

export function create(environment: NodeJS.ProcessEnv): (event: unknown) => Promise<GatherAnswer> {
  const { ARTIFACTS_BUCKET } = readEnvironment(gatherEnvironment, environment);
  const artifacts = artifactStoreIn(ARTIFACTS_BUCKET, environment);
  return async (event) => gatherWork(readPayload(gatherPayload, event), artifacts);
}

export const handler = entry("layers-gather", create);
