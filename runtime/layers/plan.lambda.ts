import { openCatalogStore } from "../catalog";
import { planEnvironment, type PlanAnswer } from "../contracts/layers";
import { entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { artifactStoreIn, layerStoreIn, now, tableIn } from "./clients";
import { planRun, readPlan } from "./run/plan";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<PlanAnswer> {
  const settings = readEnvironment(planEnvironment, environment);
  const scope = {
    pythons: settings.PYTHONS,
    architectures: settings.ARCHITECTURES,
    batchSize: settings.BATCH_SIZE,
  };
  const ports = {
    catalog: openCatalogStore(tableIn(settings.TABLE_NAME)),
    artifacts: artifactStoreIn(settings.ARTIFACTS_BUCKET, environment),
    store: layerStoreIn(settings.TABLE_NAME),
    log,
    now,
  };
  return async (event) => planRun(readPlan(event), scope, ports);
}

export const handler = entry("layers-plan", create);
