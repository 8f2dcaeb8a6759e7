import * as fs from "node:fs";
import type { Command } from "commander";
import { connect } from "../platform/connection";
import { describeCounts, followRun, startRun } from "./layer-runs";
import { type ListedTarget, readTargets, renderTargets } from "./layer-table";
import { parsePackagesFile, requirementNamed } from "./requirements";
import { architecture, pythonVersion, severalOf } from "../cli/options";
import { showLayer } from "./layer-show";
import { Steps } from "../cli/progress";
import { TaskError } from "../cli/task-error";

interface StageOption {
  readonly stage: string;
  readonly json?: boolean;
}

interface BuildOptions extends StageOption {
  readonly packages?: string;
  readonly python?: readonly string[];
  readonly architecture?: readonly string[];
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly wait: boolean;
}

/** `layers build`, `layers list`, `layers show`. */
export function addLayerTasks(program: Command): void {
  const layers = program.command("layers").description("build, list and look at layers");
  layers
    .command("build")
    .argument(
      "[requirement...]",
      "packages such as numpy or 'psycopg[binary,pool]>=3'; the whole catalog without any",
    )
    .description("build what changed and publish it to every region")
    .option("--packages <file>", "also the packages in a file, a requirement a line")
    .option("--python <version>", "only for this Python; may be given again", severalOf(pythonVersion))
    .option("--architecture <name>", "only for x86_64 or arm64", severalOf(architecture))
    .option("--force", "build even what did not change")
    .option("--dry-run", "check what was asked for, print it, and stop")
    .option("--no-wait", "start the run and come back at once")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print the result as JSON")
    .action(build);
  layers
    .command("list")
    .description("the latest layer of every package, Python and architecture")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON, with the ARNs of every region")
    .action(list);
  layers
    .command("show")
    .argument("<package>", "a package such as numpy or 'psycopg[binary,pool]'")
    .description("everything about one package: builds, failures with the tool's last lines, layers")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(showLayer);
}

async function build(requirements: readonly string[], options: BuildOptions): Promise<void> {
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

async function list(options: StageOption): Promise<void> {
  const connection = await connect(options.stage);
  const rows = await readTargets(connection);
  console.log(
    options.json === true
      ? JSON.stringify(rows, undefined, 2)
      : renderTargets(rows, connection.outputs.stage.regions),
  );
}
