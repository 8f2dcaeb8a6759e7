import { DEFAULT_PRUNE, type CatalogPackage, type CatalogStore } from "../../catalog";
import { planPayload, type Batch, type PlanAnswer, type PlanPayload } from "../../contracts/layers";
import { runIdOf } from "../../contracts/run-id";
import {
  packageSpecSchema,
  requirementOf,
  type Architecture,
  type PackageSpec,
  type PythonVersion,
} from "../../contracts/target";
import { describeIssues, UserError } from "../../shared/errors";
import type { Log } from "../../shared/log";
import { parseRequirement } from "../../shared/requirement";
import type { ArtifactStore } from "../artifact-store";
import { builderOf, keys } from "../keys";
import type { LayerStore } from "../layer-store";

/**
 * Reads the plan function's payload. Its `input` is what a user started the execution with.
 * @throws UserError naming what is wrong with the input.
 */
export function readPlan(payload: unknown): PlanPayload {
  const parsed = planPayload.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new UserError(`The run's input is wrong: ${describeIssues(parsed.error)}.`, { cause: parsed.error });
}

/** What the stage builds for. */
interface PlanScope {
  readonly pythons: readonly PythonVersion[];
  readonly architectures: readonly Architecture[];
  readonly batchSize: number;
}

interface PlanPorts {
  readonly catalog: Pick<CatalogStore, "state" | "packages">;
  readonly artifacts: Pick<ArtifactStore, "bucket" | "writeJson">;
  readonly store: Pick<LayerStore, "putRun">;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Decides what a run works on, writes it as batches and opens the run's record.
 * @throws UserError when there is nothing to do or the input asks for what the stage does not build.
 */
export async function planRun(
  { execution, input }: PlanPayload,
  scope: PlanScope,
  { catalog, artifacts, store, log, now }: PlanPorts,
): Promise<PlanAnswer> {
  const runId = runIdOf(execution);
  const state = await catalog.state();
  const rows = state === undefined ? [] : await catalog.packages(state.digest);
  const batches = planBatches(runId, rows, input, scope);
  const targets = batches.reduce(
    (sum, { packages, architectures }) => sum + packages.length * architectures.length,
    0,
  );
  await artifacts.writeJson(keys.batches(runId), batches);
  const reason = input.reason === undefined ? {} : { reason: input.reason };
  await store.putRun({ runId, startedAt: now().toISOString(), status: "running", targets, ...reason });
  log.info("run planned", { runId, batches: batches.length, targets, catalogVersion: state?.version });
  return {
    runId,
    bucket: artifacts.bucket,
    batchesKey: keys.batches(runId),
    batches: batches.length,
    targets,
  };
}

/**
 * Cuts packages × Pythons into batches; all architectures of a package stay in one, so that they can share bytes.
 * @throws UserError as `planRun` does.
 */
export function planBatches(
  runId: string,
  catalog: readonly CatalogPackage[],
  input: PlanPayload["input"],
  scope: PlanScope,
): readonly Batch[] {
  const pythons = chosen("Python", input.pythons, scope.pythons, "strata:pythons");
  const architectures = chosen(
    "architecture",
    input.architectures,
    scope.architectures,
    "strata:architectures",
  );
  const [first] = architectures;
  const perPython = pythons.map((python) => ({
    python,
    packages: packagesFor(python, catalog, input.packages),
  }));
  if (first === undefined || perPython.every(({ packages }) => packages.length === 0)) {
    throw new UserError(
      "There is nothing to build: no catalog is loaded for these Pythons. Deploy the stage with its catalog " +
        "(./strata up <stage>), or name packages: ./strata layers build requests.",
    );
  }
  let count = 0;
  return perPython.flatMap(({ python, packages }) =>
    cut(packages, scope.batchSize).map((some) => ({
      runId,
      batch: `${String(count++).padStart(4, "0")}-${python}`,
      python,
      builder: builderOf(python, first),
      packages: some,
      architectures,
      force: input.force,
    })),
  );
}

function packagesFor(
  python: PythonVersion,
  catalog: readonly CatalogPackage[],
  requested: readonly string[] | undefined,
): readonly PackageSpec[] {
  const rows = new Map(
    catalog.filter((row) => row.python === python).map((row) => [requirementOf(row), row]),
  );
  if (requested === undefined) return [...rows.values()].map((row) => packageSpecSchema.parse(row));
  const picked = new Map<string, PackageSpec>();
  for (const text of requested) {
    const parsed = parseRequirement(text);
    if (!parsed.ok) throw new UserError(parsed.reason);
    const requirement = requirementOf(parsed.value);
    const row = rows.get(requirement);
    const spec = row === undefined ? { ...parsed.value, prune: DEFAULT_PRUNE } : packageSpecSchema.parse(row);
    const { specifier } = parsed.value;
    picked.set(requirement, specifier === "" ? spec : { ...spec, specifier });
  }
  return [...picked.values()];
}

/** The wanted ones, in the stage's order; all of the stage's if none are named. */
function chosen<T extends string>(
  what: string,
  wanted: readonly T[] | undefined,
  offered: readonly T[],
  setting: string,
): T[] {
  const unknown = wanted?.find((value) => !offered.includes(value));
  if (unknown !== undefined) {
    throw new UserError(
      `This stage does not build for ${what} ${unknown}, only for ${offered.join(", ")}. Add it to ${setting}.`,
    );
  }
  return offered.filter((value) => wanted === undefined || wanted.includes(value));
}

function cut<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
