import { z } from "zod";
import type { BuildRequest, ResolveRequest } from "../contracts/builder";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import { artifactStoreIn } from "./clients";
import { signRequest, signSchema } from "./run/sign";

const { ARTIFACTS_BUCKET } = variables;
const environmentSchema = z.object({ ARTIFACTS_BUCKET });

/** Builds the handler from ARTIFACTS_BUCKET. */
export function create(
  environment: NodeJS.ProcessEnv,
): (event: unknown) => Promise<ResolveRequest | BuildRequest> {
  const artifacts = artifactStoreIn(
    readEnvironment(environmentSchema, environment).ARTIFACTS_BUCKET,
    environment,
  );
  return async (event) => signRequest(readPayload(signSchema, event), artifacts);
}

export const handler = entry("layers-sign", create);
