import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { gatherEnvironment, gatherSchema, type GatherAnswer } from "../contracts/layers";
import { artifactStoreIn } from "./clients";
import { gatherWork } from "./run/gather";

export function create(environment: NodeJS.ProcessEnv): (event: unknown) => Promise<GatherAnswer> {
  const artifacts = artifactStoreIn(
    readEnvironment(gatherEnvironment, environment).ARTIFACTS_BUCKET,
    environment,
  );
  return async (event) => gatherWork(readPayload(gatherSchema, event), artifacts);
}

export const handler = entry("layers-gather", create);
