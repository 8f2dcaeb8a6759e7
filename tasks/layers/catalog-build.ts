import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../../local/tools/tools";
import { openCatalogStore } from "../../runtime/catalog";
import { TaskError } from "../cli/output";
import type { Connection } from "../platform/connection";
import type { Deployed } from "../platform/deploy";
import { type RunProgress, followRun, runOfCatalog, startRun } from "./layer-runs";

/** Seconds within which an uploaded catalog must be loaded or refused. */
const LOAD_SECONDS = 60;
/** Seconds within which the bus starts a run for a catalog that was loaded. */
const RUN_SECONDS = 15;

/** Brings the layers up to the catalog: follows the run that the catalog started, or starts one. */
export async function buildCatalog(
  { connection, changed, startedAt }: Deployed,
  progress: Progress,
): Promise<RunProgress> {
  if (changed.some((urn) => urn.endsWith("catalog/config.json"))) {
    const version = await catalogLoaded(connection, startedAt);
    progress(`Catalog: version ${version} is active`);
    const run = await runOfCatalog(connection, version, RUN_SECONDS);
    if (run !== undefined) return followRun(connection, run, progress);
    progress("Catalog: the bus started no run for it; starting one");
  }
  return followRun(connection, await startRun(connection, { reason: "start" }), progress);
}

/**
 * Waits until the catalog that was uploaded is active.
 *
 * @returns its version.
 * @throws TaskError when it was refused, with every problem, or nothing happened in time.
 */
async function catalogLoaded(connection: Connection, uploadedAfter: Date): Promise<number> {
  const store = openCatalogStore(connection.table());
  const since = uploadedAfter.toISOString();
  for (const end = Date.now() + LOAD_SECONDS * 1000; Date.now() < end; await sleep(250)) {
    const active = await store.state();
    if (active !== undefined && active.loadedAt > since) return active.version;
    const [refusal] = await store.refusals(1);
    if (refusal !== undefined && refusal.at > since) {
      const problems = refusal.problems.map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`);
      throw new TaskError(
        ["the catalog was refused; the active catalog stays active:", ...problems].join("\n"),
      );
    }
  }
  throw new TaskError(
    `the catalog was not loaded within ${LOAD_SECONDS} s; ./strata logs catalog-load shows what its function said`,
  );
}
