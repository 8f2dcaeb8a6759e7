import * as fs from "node:fs";
import type { Command } from "commander";
import { openTable } from "../runtime/shared/model/service";
import { type Connection, connect } from "./connection";
import { describeCounts, followRun, startRun, stopRun } from "./layer-runs";
import { type LayerRow, readLayerRows, renderLayerRows } from "./layer-table";
import { Steps } from "./steps";
import { TaskError } from "./task-error";

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
    .option("--python <version...>", "only for these Pythons")
    .option("--architecture <architecture...>", "only for these architectures")
    .option("--force", "build even what did not change")
    .option("--dry-run", "say what would be asked for, and stop")
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
    .action(show);
}

/** Requirements in a file: a line each, `#` starts a comment. */
export function parsePackagesFile(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

async function build(requirements: readonly string[], options: BuildOptions): Promise<void> {
  const { say } = new Steps();
  const fromFile = options.packages === undefined ? [] : parsePackagesFile(readText(options.packages));
  const packages = [...requirements, ...fromFile];
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
  say(`started ${run}`);
  if (!options.wait) return;
  const interrupted = stopOnInterrupt(connection, run, say);
  const counts = await followRun(connection, run, say);
  interrupted.release();
  if (options.json === true) {
    console.log(JSON.stringify({ run, counts }, undefined, 2));
  } else {
    const rows = await readLayerRows(connection);
    console.log(renderLayerRows(ofPackages(rows, packages, options), connection.outputs.regions));
    console.log(describeCounts(counts));
  }
  if (counts.failed + counts.refused > 0) {
    console.error("some targets failed; ./strata layers show <package> tells why");
    process.exitCode = 2;
  }
}

/** The rows of what was asked for, or all of them. */
function ofPackages(
  rows: readonly LayerRow[],
  packages: readonly string[],
  options: BuildOptions,
): LayerRow[] {
  const names = new Set(
    packages.map((text) =>
      text
        .toLowerCase()
        .replace(/[-_.]+/g, "-")
        .replace(/[<>=!~;\s].*$/, ""),
    ),
  );
  return rows.filter(
    (row) =>
      (names.size === 0 || names.has(row.package) || names.has(row.package.replace(/\[.*/, ""))) &&
      (options.python?.includes(row.python) ?? true) &&
      (options.architecture?.includes(row.architecture) ?? true),
  );
}

/** Ctrl-C stops the run that we started: nobody is left watching it. */
function stopOnInterrupt(
  connection: Connection,
  run: string,
  say: (text: string) => void,
): { release: () => void } {
  const stop = (): void => {
    say("stopping the run; what is published stays");
    void stopRun(connection, run).finally(() => process.exit(130));
  };
  process.once("SIGINT", stop);
  return { release: () => process.off("SIGINT", stop) };
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
  const rows = await readLayerRows(connection);
  console.log(
    options.json === true
      ? JSON.stringify(rows, undefined, 2)
      : renderLayerRows(rows, connection.outputs.regions),
  );
}

async function show(name: string, options: StageOption): Promise<void> {
  const connection = await connect(options.stage);
  const { targetState, layer } = openTable(connection.dynamodb(), connection.outputs.tableName).entities;
  const requirement = name.toLowerCase();
  const [states, layers] = await Promise.all([
    targetState.query.byPackage({ requirement }).go({ pages: "all" }),
    layer.query.byPackage({ requirement }).go({ pages: "all" }),
  ]);
  if (states.data.length === 0) {
    throw new TaskError(`no build of ${requirement} is recorded; ./strata layers list names what there is`);
  }
  if (options.json === true) {
    console.log(JSON.stringify({ targets: states.data, layers: layers.data }, undefined, 2));
    return;
  }
  for (const state of states.data) {
    const own = layers.data.filter(
      ({ python, architecture }) => python === state.python && architecture === state.architecture,
    );
    console.log(renderTarget(state, own));
  }
}

interface ShownTarget {
  readonly python: string;
  readonly architecture: string;
  readonly built?:
    | {
        readonly version: string;
        readonly sha256: string;
        readonly zipBytes: number;
        readonly unzippedBytes: number;
        readonly importTest: {
          readonly status: string;
          readonly modules: readonly string[];
          readonly reason?: string | undefined;
        };
        readonly dependencies: readonly string[];
        readonly createdAt: string;
      }
    | undefined;
  readonly failure?:
    | {
        readonly kind: string;
        readonly message: string;
        readonly lastLines: readonly string[];
        readonly at: string;
      }
    | undefined;
}

function renderTarget(
  { python, architecture, built, failure }: ShownTarget,
  layers: readonly { readonly arn: string; readonly status: string; readonly packageVersion: string }[],
): string {
  const lines = [`Python ${python}, ${architecture}`];
  if (built !== undefined) {
    const { status, modules, reason } = built.importTest;
    lines.push(
      `  built ${built.version} at ${built.createdAt}, sha256 ${built.sha256}`,
      `  ${built.zipBytes} bytes zipped, ${built.unzippedBytes} unzipped`,
      `  import test: ${status}${reason === undefined ? "" : ` (${reason})`}: ${modules.join(", ")}`,
      `  contains ${built.dependencies.join(", ")}`,
    );
  }
  if (failure !== undefined) {
    lines.push(`  last attempt failed at ${failure.at}: ${failure.kind}`, `  ${failure.message}`);
    lines.push(...failure.lastLines.map((line) => `    | ${line}`));
  }
  lines.push(
    ...layers.map((layer) => `  ${layer.status.padEnd(10)} ${layer.packageVersion.padEnd(12)} ${layer.arn}`),
  );
  return `${lines.join("\n")}\n`;
}
