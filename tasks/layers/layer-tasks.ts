import * as fs from "node:fs";
import { connect } from "../platform/connection";
import { describeCounts, followRun, startRun } from "./layer-runs";
import { type ListedTarget, readTargets, renderTargets } from "./layer-table";
import { parsePackagesFile, requirementNamed } from "./requirements";
import type { StageOption } from "../cli/options";
import { Steps, TaskError } from "../cli/output";

interface BuildOptions extends StageOption {
  readonly packages?: string;
  readonly python?: readonly string[];
  readonly architecture?: readonly string[];
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
  const input = {
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
