import Table from "cli-table3";
import { type Architecture, type Runtime, isArchitecture } from "../../runtime/contracts/target";
import { type LayerRow, type TargetState, latestLayers, targetStates } from "../../runtime/layers";
import type { Connection } from "../platform/connection";

/** A target as the command line shows it. */
export interface ListedTarget {
  readonly package: string;
  readonly version: string;
  readonly python: string;
  readonly architecture: Architecture;
  readonly zipBytes: number;
  readonly unzippedBytes: number;
  /** `passed`, `unverified`, or `failed: <kind>` when there is no good build at all. */
  readonly importTest: string;
  /** Kind of the failure of the last attempt, if it failed. */
  readonly failure?: string;
  /** Latest layer version by region. */
  readonly arns: Readonly<Record<string, string>>;
}

/** Every target of the stage with its latest layers, sorted by package, Python and architecture. */
export async function readTargets(connection: Connection): Promise<ListedTarget[]> {
  const { pythons, architectures } = connection.outputs.stage;
  const known = architectures.filter(isArchitecture);
  const pairs = pythons.flatMap((python) => known.map((architecture) => ({ python, architecture })));
  const rows = await Promise.all(pairs.map((pair) => rowsOf(connection, pair)));
  const order = (row: ListedTarget) =>
    `${row.package} ${row.python} ${row.architecture === "x86_64" ? 0 : 1}`;
  return rows.flat().sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

async function rowsOf(connection: Connection, runtime: Runtime): Promise<ListedTarget[]> {
  const table = connection.table();
  const [states, ...regions] = await Promise.all([
    targetStates(table, runtime),
    ...connection.outputs.stage.regions.map((region) => latestLayers(table, region, runtime)),
  ]);
  const layers = regions.flat();
  return states.map(({ requirement, built, failure }) => {
    const own = layers.filter((candidate) => candidate.requirement === requirement);
    return {
      package: requirement,
      version: built?.version ?? failure?.version ?? "",
      ...runtime,
      zipBytes: built?.zipBytes ?? 0,
      unzippedBytes: built?.unzippedBytes ?? 0,
      importTest: built?.importTest.status ?? `failed: ${failure?.kind ?? "internal"}`,
      ...(failure === undefined ? {} : { failure: failure.kind }),
      arns: Object.fromEntries(own.map(({ region, arn }) => [region, arn])),
    };
  });
}

/** Bytes as a person reads them: `12.3 MB`. */
function megabytes(bytes: number): string {
  return bytes === 0 ? "" : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The rows as a table; ARNs are the home region's, with how many regions have one. */
export function renderTargets(rows: readonly ListedTarget[], regions: readonly string[]): string {
  const home = regions[0] ?? "";
  const table = new Table({
    head: ["package", "version", "Python", "arch", "size", "import test", "regions", `ARN in ${home}`],
    style: { head: [], border: [], compact: true },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const row of rows) {
    const note =
      row.failure !== undefined && !row.importTest.startsWith("failed") ? `, then ${row.failure}` : "";
    table.push([
      row.package,
      row.version,
      row.python,
      row.architecture,
      megabytes(row.zipBytes),
      `${row.importTest}${note}`,
      `${Object.keys(row.arns).length}/${regions.length}`,
      row.arns[home] ?? "-",
    ]);
  }
  return table.toString();
}

/** Everything about a target: its build, its failure with the tool's last lines, its layer versions. */
export function renderTargetState(
  { python, architecture, built, failure }: TargetState,
  layers: readonly LayerRow[],
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
    ...layers.map(
      ({ status, packageVersion, arn }) => `  ${status.padEnd(10)} ${packageVersion.padEnd(12)} ${arn}`,
    ),
  );
  return `${lines.join("\n")}\n`;
}
