import type { Command } from "commander";
import type { Connection } from "./connection";
import { type ExamplePackage, showExamplePackage } from "../specs/example-package";
import { type RunCounts, describeCounts } from "../layers/layer-runs";
import { readTargets, renderTargets } from "../layers/layer-table";
import { prepareLocal } from "./local-platform";
import { wholeNumber } from "../cli/options";
import { type PartitionRun, needsAttention } from "../partitions/runs";
import { renderResults } from "../partitions/results-table";
import { type EndedParts, endOf, throwFailures } from "../cli/parts-of-work";
import { type ShownImport, showImports } from "../layers/shown-imports";
import { showPartitions } from "../partitions/shown-partitions";
import { buildCatalog, deployLocal } from "./start";
import { Steps } from "../cli/progress";

interface StartOptions {
  readonly port?: number;
  readonly build: boolean;
  readonly json?: boolean;
}

/** What goes on at the same time once the platform is deployed. */
interface StartParts {
  readonly layers: RunCounts;
  readonly imports: readonly ShownImport[];
  readonly package: ExamplePackage;
  readonly partitions: PartitionRun;
}

/** `start`: the platform on this machine, from nothing to something to look at. */
export function addStartTask(program: Command): void {
  program
    .command("start")
    .description(
      "bring the whole platform up on this machine, build the catalog, sync the partitions of a lake",
    )
    .option("--port <port>", "where the emulator listens on 127.0.0.1", wholeNumber(1, 65_535))
    .option("--no-build", "deploy only; build no layers")
    .option("--json", "print the result as JSON")
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const { say } = new Steps();
  const platform = await prepareLocal(say, options.port === undefined ? {} : { port: options.port });
  const deployed = await deployLocal(platform, say);
  const { connection } = deployed;
  if (!options.build) {
    const { url: apiUrl } = connection.outputs.api;
    console.log(options.json === true ? JSON.stringify({ apiUrl }) : `API: '${apiUrl}'`);
    return;
  }
  const building = buildCatalog(deployed, say);
  const ended = await endOf<StartParts>({
    layers: building,
    imports: showImports(platform, connection, building, say),
    package: showExamplePackage(platform, connection, say),
    partitions: showPartitions(connection, say),
  });
  await (options.json === true ? printJson : print)(connection, ended);
  throwFailures(ended.failures);
  const { layers, partitions } = ended.results;
  if (layers !== undefined && layers.failed + layers.refused > 0) process.exitCode = 2;
  if (partitions !== undefined && needsAttention(partitions)) process.exitCode = 2;
}

async function printJson(
  connection: Connection,
  { results, failures }: EndedParts<StartParts>,
): Promise<void> {
  const { layers: counts, partitions, ...others } = results;
  const failed = Object.entries(failures).map(([part, { message }]) => [part, message] as const);
  const shown = {
    apiUrl: connection.outputs.api.url,
    counts,
    layers: await readTargets(connection),
    ...others,
    partitions: partitions?.results,
    ...(failed.length === 0 ? {} : { failures: Object.fromEntries(failed) }),
  };
  console.log(JSON.stringify(shown, undefined, 2));
}

async function print(connection: Connection, { results }: EndedParts<StartParts>): Promise<void> {
  const { layers, package: example, partitions } = results;
  const { api, stage } = connection.outputs;
  console.log(renderTargets(await readTargets(connection), stage.regions));
  if (partitions !== undefined) console.log(renderResults(partitions.results));
  if (layers !== undefined) {
    const unchanged = layers.built === 0 && layers.failed === 0;
    console.log(unchanged ? `Nothing to rebuild: ${describeCounts(layers)}` : describeCounts(layers));
  }
  // Quoted, because the address holds a $.
  console.log(
    `API: curl '${api.url}/api/v2/p${stage.pythons[0] ?? ""}/layers/latest/${stage.regions[0] ?? ""}'`,
  );
  if (example !== undefined) console.log(describeExample(example));
  console.log("Next: ./strata layers show numpy");
  console.log("      ./strata layers build httpx");
  console.log("      ./strata specs build examples/pets-spec.json --name my_pets");
  console.log("      ./strata partitions status");
  console.log("      ./strata stop");
}

function describeExample({ specId, version, unchanged, python, program }: ExamplePackage): string {
  const made = unchanged ? "stood there already" : "was built of examples/pets-spec.json";
  return `Package: ${specId} ${version} ${made}; pip installed it from its private index. Use it: ${python} ${program}`;
}
