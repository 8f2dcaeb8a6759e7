import * as fs from "node:fs";
import type { RunInput } from "../../runtime/contracts/layers";
import { requirementOf, type Architecture } from "../../runtime/contracts/target";
import { layersOf, targetStatesOf } from "../../runtime/layers";
import { parsePackageName } from "../../runtime/shared/requirement";
import { connect } from "../platform/connection";
import { describeCounts, followRun, startRun } from "./layer-runs";
import { type ListedTarget, readTargets, renderTargets, renderTargetState } from "./layer-table";
import type { StageOption } from "../cli/options";
import { Steps, TaskError } from "../cli/output";

interface BuildOptions extends StageOption {
  readonly packages?: string;
  readonly python?: readonly string[];
  readonly architecture?: readonly Architecture[];
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly wait: boolean;
}

/** `layers build`: builds what changed and publishes it. */
export async function build(requirements: readonly string[], options: BuildOptions): Promise<void> {
  const { say } = new Steps();
  const fromFile = options.packages === undefined ? [] : parsePackagesFile(readText(options.packages));
  const packages = [...requirements, ...fromFile];
  const names = new Set(packages.map(requirementNamed));
  const input: RunInput = {
    reason: "command line",
    ...(packages.length === 0 ? {} : { packages }),
    ...(options.python === undefined ? {} : { pythons: options.python }),
    ...(options.architecture === undefined ? {} : { architectures: options.architecture }),
    ...(options.force === true ? { force: true } : {}),
  };
  if (options.dryRun === true) {
    console.log(JSON.stringify(input, undefined, 2));
    return;
  }
  const connection = await connect(options.stage);
  const run = await startRun(connection, input);
  if (!options.wait) {
    console.log(options.json === true ? JSON.stringify({ run }, undefined, 2) : run);
    return;
  }
  const counts = await followRun(connection, run, say);
  if (options.json === true) {
    console.log(JSON.stringify({ run, counts }, undefined, 2));
  } else {
    const rows = await readTargets(connection);
    console.log(renderTargets(askedFor(rows, names, options), connection.outputs.stage.regions));
    console.log(describeCounts(counts));
  }
  if (counts.failed + counts.refused > 0) {
    console.error("some targets failed; ./strata layers show <package> tells why");
    process.exitCode = 2;
  }
}

/** The rows of what was asked for; all of them when nothing was named. */
function askedFor(
  rows: readonly ListedTarget[],
  names: ReadonlySet<string>,
  options: BuildOptions,
): ListedTarget[] {
  return rows.filter(
    (row) =>
      (names.size === 0 || names.has(row.package)) &&
      (options.python?.includes(row.python) ?? true) &&
      (options.architecture?.includes(row.architecture) ?? true),
  );
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new TaskError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** `layers list`: the latest layers. */
export async function list(options: StageOption): Promise<void> {
  const connection = await connect(options.stage);
  const rows = await readTargets(connection);
  console.log(
    options.json === true
      ? JSON.stringify(rows, undefined, 2)
      : renderTargets(rows, connection.outputs.stage.regions),
  );
}

/** `layers show`: everything about one package. */
export async function show(name: string, options: StageOption): Promise<void> {
  const table = (await connect(options.stage)).table();
  const requirement = requirementNamed(name);
  const [targets, layers] = await Promise.all([
    targetStatesOf(table, requirement),
    layersOf(table, requirement),
  ]);
  if (targets.length === 0) {
    throw new TaskError(`no build of ${requirement} is recorded; ./strata layers list names what there is`);
  }
  if (options.json === true) {
    console.log(JSON.stringify({ targets, layers }, undefined, 2));
    return;
  }
  for (const target of targets) {
    const own = layers.filter(
      ({ python, architecture }) => python === target.python && architecture === target.architecture,
    );
    console.log(renderTargetState(target, own));
  }
}

/**
 * The package that a user means, as the table names it: `psycopg[binary,pool]` for `Psycopg[pool,binary]>=3` and for
 * `psycopg__binary_pool`.
 *
 * @throws TaskError when it is not the name of a package.
 */
function requirementNamed(text: string): string {
  const parsed = parsePackageName(text);
  if (!parsed.ok) throw new TaskError(parsed.reason);
  return requirementOf(parsed.value);
}

/** Requirements in a file: a line each, `#` starts a comment. */
function parsePackagesFile(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}
