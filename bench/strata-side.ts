/** Strata's side of the layer benchmark: the builder's own functions, with several builds at the same time as in its state machine. */
import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { buildLayer } from "../runtime/builder/build/build";
import type { BuildItem, ImportTest, ResolvedTarget } from "../runtime/contracts/builder";
import { resolvePackages } from "../runtime/builder/resolve/resolve";
import type { BuilderSettings } from "../runtime/builder/settings";
import { withWorkFolder } from "../runtime/shared/work-folder";
import { parseRequirement } from "../runtime/shared/requirement";
import { UserError } from "../runtime/shared/errors";
import { requirementOf, type Architecture, type PackageSpec } from "../runtime/contracts/target";

export const architecture: Architecture = process.arch === "arm64" ? "arm64" : "x86_64";

/** What one pass over the list of packages took. */
export interface Pass {
  readonly milliseconds: number;
  /** The part of these until everything was resolved. */
  readonly resolveMilliseconds: number;
  /** Milliseconds of each step, added up over all builds, of which several run at the same time. */
  readonly steps: Readonly<Record<string, number>>;
  readonly zipBytes: number;
  /** The packages that were built, as `name version`. */
  readonly built: readonly string[];
  /** Build keys by requirement, for the next pass. */
  readonly keys: ReadonlyMap<string, string>;
}

/**
 * A row such as `psycopg[binary,pool]` or `pandas<3` as the catalog would hold it.
 * @throws {UserError} naming what is wrong with it.
 */
export function parseRow(row: string): PackageSpec {
  const parsed = parseRequirement(row);
  if (!parsed.ok) throw new UserError(parsed.reason);
  return { ...parsed.value, prune: { tests: true, runtime: true } };
}

interface PassOptions {
  readonly packages: readonly PackageSpec[];
  readonly python: string;
  readonly settings: BuilderSettings;
  /** Build keys of the pass before. */
  readonly known: ReadonlyMap<string, string>;
  /** Whether to run the import tests, which pip does not have. */
  readonly importTests: boolean;
}

/** Resolves the whole list, then builds what differs from `known`: everything in the first pass, nothing if nothing has changed. */
export async function strataPass({
  packages,
  python,
  settings,
  known,
  importTests,
}: PassOptions): Promise<Pass> {
  const start = performance.now();
  const targets = await withWorkFolder(settings.scratch, (folder) =>
    resolvePackages({ packages, python, architectures: [architecture] }, settings, folder),
  );
  const resolveMilliseconds = performance.now() - start;
  const resolved = targets.map((target) => resolvedOrThrow(target));
  const changed = resolved.filter((target) => known.get(requirementOf(target.package)) !== target.buildKey);
  const limit = pLimit(availableParallelism());
  const ports = {
    store: async (zip: string) => void (await stat(zip)),
    ...(importTests ? {} : { testImport: noTest }),
  };
  const results = await Promise.all(
    changed.map((target) =>
      limit(() =>
        withWorkFolder(settings.scratch, (work) => buildLayer(itemOf(target, python), settings, work, ports)),
      ),
    ),
  );
  return {
    milliseconds: performance.now() - start,
    resolveMilliseconds,
    steps: sumSteps(results.map(({ milliseconds }) => milliseconds)),
    zipBytes: results.reduce((sum, { zipBytes }) => sum + zipBytes, 0),
    built: changed.map(({ package: spec, version }) => `${requirementOf(spec)} ${version}`),
    keys: new Map(resolved.map((target) => [requirementOf(target.package), target.buildKey])),
  };
}

function noTest(): Promise<ImportTest> {
  return Promise.resolve({ status: "unverified", modules: [], reason: "The benchmark does not run it." });
}

function sumSteps(builds: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const build of builds) {
    for (const [step, milliseconds] of Object.entries(build)) sums[step] = (sums[step] ?? 0) + milliseconds;
  }
  return sums;
}

type Resolved = Extract<ResolvedTarget, { status: "resolved" }>;

function resolvedOrThrow(target: ResolvedTarget): Resolved {
  if (target.status === "resolved") return target;
  throw new Error(`${requirementOf(target.package)}: ${target.failure.message}`);
}

/** The item that the plan would write for a resolved target. */
export function itemOf(target: Resolved, python: string): BuildItem {
  const { package: spec, version, lock, buildKey } = target;
  return { package: spec, version, python, architectures: [architecture], lock, buildKey };
}
