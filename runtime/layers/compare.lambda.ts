import { compareEnvironment, comparePayload, type CompareAnswer } from "../contracts/layers";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { artifactStoreIn, layerStoreIn, now } from "./clients";
import { compareBatch } from "./run/compare";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<CompareAnswer> {
  const settings = readEnvironment(compareEnvironment, environment);
  const artifacts = artifactStoreIn(settings.ARTIFACTS_BUCKET, environment);
  const ports = { artifacts, store: layerStoreIn(settings.TABLE_NAME), log, now };
  return async (event) => compareBatch(readPayload(comparePayload, event).batch, settings.REGIONS, ports);
}

export const handler = entry("layers-compare", create);
