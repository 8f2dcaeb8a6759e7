import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { recordEnvironment, type RecordAnswer } from "../contracts/layers";
import type { Log } from "../shared/log";
import { layerStoreIn, now, artifactStoreIn } from "./clients";
import { recordSchema, recordStep } from "./run/record";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<RecordAnswer> {
  const {
    TABLE_NAME: table,
    ARTIFACTS_BUCKET: bucket,
    REGIONS: regions,
  } = readEnvironment(recordEnvironment, environment);
  const ports = { artifacts: artifactStoreIn(bucket, environment), store: layerStoreIn(table), log, now };
  return async (event) => recordStep(readPayload(recordSchema, event), regions, ports);
}

export const handler = entry("layers-record", create);
