import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { compareEnvironment, compareSchema } from "../contracts/layers";
import type { Log } from "../shared/log";
import { layerStoreIn, now, artifactStoreIn } from "./clients";
import { compareBatch, type CompareAnswer } from "./run/compare";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<CompareAnswer> {
  const {
    TABLE_NAME: table,
    ARTIFACTS_BUCKET: bucket,
    REGIONS: regions,
  } = readEnvironment(compareEnvironment, environment);
  const ports = { artifacts: artifactStoreIn(bucket, environment), store: layerStoreIn(table), log, now };
  return async (event) => compareBatch(readPayload(compareSchema, event).batch, regions, ports);
}

export const handler = entry("layers-compare", create);
