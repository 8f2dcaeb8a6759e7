import { z } from "zod";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import { artifactStoreIn } from "./clients";
import { gatherSchema, gatherWork, type GatherAnswer } from "./run/gather";

const { ARTIFACTS_BUCKET } = variables;
const environmentSchema = z.object({ ARTIFACTS_BUCKET });

/** Builds the handler from ARTIFACTS_BUCKET. */
export function create(environment: NodeJS.ProcessEnv): (event: unknown) => Promise<GatherAnswer> {
  const artifacts = artifactStoreIn(
    readEnvironment(environmentSchema, environment).ARTIFACTS_BUCKET,
    environment,
  );
  return async (event) => gatherWork(readPayload(gatherSchema, event), artifacts);
}

export const handler = entry("layers-gather", create);
