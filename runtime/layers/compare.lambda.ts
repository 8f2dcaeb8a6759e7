import { z } from "zod";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import type { Log } from "../shared/log";
import { layerStoreIn, now, artifactStoreIn } from "./clients";
import { compareBatch, compareSchema, type CompareAnswer } from "./run/compare";

const { TABLE_NAME, ARTIFACTS_BUCKET, REGIONS } = variables;
const environmentSchema = z.object({ TABLE_NAME, ARTIFACTS_BUCKET, REGIONS });

/** Builds the handler from TABLE_NAME, ARTIFACTS_BUCKET and REGIONS. */
export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<CompareAnswer> {
  const {
    TABLE_NAME: table,
    ARTIFACTS_BUCKET: bucket,
    REGIONS: regions,
  } = readEnvironment(environmentSchema, environment);
  const ports = { artifacts: artifactStoreIn(bucket, environment), store: layerStoreIn(table), log, now };
  return async (event) => compareBatch(readPayload(compareSchema, event).batch, regions, ports);
}

export const handler = entry("layers-compare", create);
