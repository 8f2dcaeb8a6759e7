import type { BuildRequest, ResolveRequest } from "../contracts/builder";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { signEnvironment } from "../contracts/layers";
import { artifactStoreIn } from "./clients";
import { signRequest, signSchema } from "./run/sign";

export function create(
  environment: NodeJS.ProcessEnv,
): (event: unknown) => Promise<ResolveRequest | BuildRequest> {
  const artifacts = artifactStoreIn(
    readEnvironment(signEnvironment, environment).ARTIFACTS_BUCKET,
    environment,
  );
  return async (event) => signRequest(readPayload(signSchema, event), artifacts);
}

export const handler = entry("layers-sign", create);
