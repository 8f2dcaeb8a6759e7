import { openCatalogStore } from "../../runtime/catalog";
import { runStack } from "../../local/engine/run-stack";
import type { Progress } from "../../local/tools/tools";
import { Connection, emulatorSettings } from "./connection";
import { type RunCounts, followRun, runOfCatalog, startRun } from "../layers/layer-runs";
import { type LocalPlatform, saveOutputs } from "./local-platform";
import { parseOutputs } from "./stage-outputs";
import { TaskError } from "../cli/task-error";

/** What `up` did: the platform's outputs, and whether a catalog went up with it. */
export interface Deployed {
  readonly connection: Connection;
  readonly changes: number;
  /** Version of the catalog that was active before, 0 without one. */
  readonly catalogBefore: number;
  readonly catalogUploaded: boolean;
  readonly startedAt: Date;
}

/** Deploys the program onto the running emulator through the real engine. */
export async function deployLocal(platform: LocalPlatform, progress: Progress): Promise<Deployed> {
  const startedAt = new Date();
  const before = await outputsBefore(platform);
  const catalogBefore = before === undefined ? 0 : await catalogVersion(before);
  let catalogUploaded = false;
  let done = 0;
  const result = await runStack(platform.stack, "up", {
    notice: progress,
    onEvent: ({ resOutputsEvent }) => {
      if (resOutputsEvent === undefined || resOutputsEvent.metadata.op === "same") return;
      done += 1;
      if (done % 25 === 0) progress(`Deploying: ${done} resources`);
      if (resOutputsEvent.metadata.urn.endsWith("catalog/config.json")) catalogUploaded = true;
    },
  });
  const { same = 0, ...changed } = result.changes;
  const changes = Object.values(changed).reduce((sum: number, count: number) => sum + count, 0);
  progress(
    changes === 0
      ? `Deployed: nothing to change, ${same} resources`
      : `Deployed: ${changes} resources changed, ${same} the same`,
  );
  const outputs = parseOutputs(result.outputs);
  if (outputs === undefined) throw new Error("the program of stage local exports nothing");
  saveOutputs(platform.home, outputs);
  return { connection: connectionTo(platform, outputs), changes, catalogBefore, catalogUploaded, startedAt };
}

async function outputsBefore(platform: LocalPlatform): Promise<Connection | undefined> {
  const outputs = parseOutputs(await platform.stack.outputs());
  return outputs === undefined ? undefined : connectionTo(platform, outputs);
}

function connectionTo(platform: LocalPlatform, outputs: Connection["outputs"]): Connection {
  return new Connection(
    "local",
    outputs,
    emulatorSettings(platform.emulator.endpoint, outputs.stage.regions[0]),
  );
}

async function catalogVersion(connection: Connection): Promise<number> {
  return (await openCatalogStore(connection.table()).state())?.version ?? 0;
}

/** Seconds within which an uploaded catalog must be loaded or refused. */
const LOAD_SECONDS = 60;

/**
 * Waits until the uploaded catalog is active.
 *
 * @returns its version, or undefined when the catalog was active already.
 * @throws TaskError when it was refused, with every problem, or nothing happened in time.
 */
async function catalogLoaded({ connection, catalogBefore, startedAt }: Deployed): Promise<number> {
  const store = openCatalogStore(connection.table());
  for (const end = Date.now() + LOAD_SECONDS * 1000; Date.now() < end;) {
    const version = await catalogVersion(connection);
    if (version > catalogBefore) return version;
    const [refusal] = await store.refusals(1);
    if (refusal !== undefined && refusal.at > startedAt.toISOString()) {
      const problems = refusal.problems.map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`);
      throw new TaskError(
        ["the catalog was refused; the active catalog stays active:", ...problems].join("\n"),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new TaskError(
    `the catalog was not loaded within ${LOAD_SECONDS} s; ./strata logs catalog-load shows what its function said`,
  );
}

/** Brings the layers up to the catalog: follows the run that the catalog started, or starts one. */
export async function buildCatalog(deployed: Deployed, progress: Progress): Promise<RunCounts> {
  const { connection } = deployed;
  if (deployed.catalogUploaded) {
    const version = await catalogLoaded(deployed);
    progress(`Catalog: version ${version} is active`);
    const run = await runOfCatalog(connection, version, 15);
    if (run !== undefined) return followRun(connection, run, progress);
    progress("Catalog: the bus started no run for it; starting one");
  }
  return followRun(connection, await startRun(connection, { reason: "start" }), progress);
}
