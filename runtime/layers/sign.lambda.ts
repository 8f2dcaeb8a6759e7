import type { BuilderRequest } from "../contracts/builder";
import { signEnvironment, signPayloads } from "../contracts/layers";
import { byOperation, entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { artifactStoreIn } from "./clients";
import { signBuild } from "./run/sign-build";
import { signResolve } from "./run/sign-resolve";

export function create(environment: NodeJS.ProcessEnv): (event: unknown) => Promise<BuilderRequest> {
  const { ARTIFACTS_BUCKET } = readEnvironment(signEnvironment, environment);
  const artifacts = artifactStoreIn(ARTIFACTS_BUCKET, environment);
  return byOperation<typeof signPayloads, BuilderRequest>(signPayloads, {
    "sign-build": (payload) => signBuild(payload, artifacts),
    "sign-resolve": (payload) => signResolve(payload, artifacts),
  });
}

export const handler = entry("layers-sign", create);
