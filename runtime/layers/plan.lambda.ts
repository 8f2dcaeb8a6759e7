import { z } from "zod";
import { entry } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import type { Log } from "../shared/log";
import { catalogIn, layerStoreIn, now, artifactStoreIn } from "./clients";
import { planRun, readPlan, type PlanAnswer } from "./run/plan";

const { TABLE_NAME, ARTIFACTS_BUCKET, PYTHONS, ARCHITECTURES, BATCH_SIZE } = variables;
const environmentSchema = z.object({ TABLE_NAME, ARTIFACTS_BUCKET, PYTHONS, ARCHITECTURES, BATCH_SIZE });

/** Builds the handler from TABLE_NAME, ARTIFACTS_BUCKET, PYTHONS, ARCHITECTURES and, if set, BATCH_SIZE. */
export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<PlanAnswer> {
  const settings = readEnvironment(environmentSchema, environment);
  const scope = {
    pythons: settings.PYTHONS,
    architectures: settings.ARCHITECTURES,
    batchSize: settings.BATCH_SIZE,
  };
  const ports = {
    catalog: catalogIn(settings.TABLE_NAME),
    artifacts: artifactStoreIn(settings.ARTIFACTS_BUCKET, environment),
    store: layerStoreIn(settings.TABLE_NAME),
    log,
    now,
  };
  return async (event) => planRun(readPlan(event), scope, ports);
}

export const handler = entry("layers-plan", create);
