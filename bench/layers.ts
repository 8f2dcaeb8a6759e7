/** Layers side by side: Strata, and what a user would do manually with pip and zip. */
import Table from "cli-table3";
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildResult } from "../runtime/contracts/builder";
import { resolvePackages } from "../runtime/builder/resolve/resolve";
import { parseSettings, type BuilderSettings } from "../runtime/builder/settings";
import { megabytes, seconds } from "./figures";
import { run } from "./processes";
import { runHandler } from "./run-handler";
import { architecture, itemOf, parseRow, strataPass, type Pass } from "./strata-side";

interface LayerBenchOptions {
  /** Rows such as `psycopg[binary,pool]`. */
  readonly packages: readonly string[];
  /** Minor version such as `3.12`; STRATA_PYTHONS must name its interpreter. */
  readonly python: string;
  /** How many of the packages, from the first. */
  readonly count: number;
  readonly log: (line: string) => void;
}

/** Times in milliseconds, sizes in bytes. */
interface LayerBenchResult {
  readonly pip: { readonly milliseconds: number; readonly zipBytes: number };
  /** Without import tests, since pip and zip have none. */
  readonly cold: Pass;
  /** As the builder really works. */
  readonly coldTested: Pass;
  readonly unchanged: Pass;
  readonly awswranglerPeakBytes: number;
}

/**
 * Runs both sides in turn on this machine, each with cold caches, prints the times and sizes, and returns them.
 * @throws {UserError} when `STRATA_UV` and `STRATA_PYTHONS` don't say which programs to use.
 */
export async function benchLayers(options: LayerBenchOptions): Promise<LayerBenchResult> {
  const { log, python } = options;
  const scratch = await mkdtemp(join(tmpdir(), "strata-bench-"));
  try {
    const fresh = (name: string) => ({ ...parseSettings(process.env), cache: join(scratch, name), scratch });
    const rows = options.packages.slice(0, options.count);
    const pass = async (
      title: string,
      settings: BuilderSettings,
      known: Pass["keys"],
      importTests: boolean,
    ) => {
      const result = await strataPass({ packages: rows.map(parseRow), python, settings, known, importTests });
      log(
        `${title}: ${seconds(result.milliseconds)} (resolve ${seconds(result.resolveMilliseconds)}${steps(result)})`,
      );
      return result;
    };
    log(`${String(rows.length)} packages for Python ${python} on ${architecture}, caches cold`);
    const cold = await pass("strata, no import tests", fresh("one"), new Map(), false);
    const pip = await pipWay(rows, options, fresh("one"), join(scratch, "pip"));
    log(`pip and zip: ${seconds(pip.milliseconds)}`);
    const coldTested = await pass("strata, with import tests", fresh("two"), new Map(), true);
    const unchanged = await pass("strata, unchanged", fresh("two"), coldTested.keys, true);
    for (const built of unchanged.built)
      log(`  resolved differently from the pass before, so it was built: ${built}`);
    const awswranglerPeakBytes = await peakOfAwswrangler(python, fresh("two"));
    const result = { pip, cold, coldTested, unchanged, awswranglerPeakBytes };
    log(renderLayerBench(result));
    return result;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The result as a table, one line a figure. */
function renderLayerBench(result: LayerBenchResult): string {
  const { pip, cold, coldTested, unchanged, awswranglerPeakBytes } = result;
  const table = new Table({
    head: ["", "pip + zip", "strata", "ratio", "aim"],
    style: { head: [], border: [] },
  });
  const times = (title: string, pass: Pass, aim: string) => {
    const ratio = `${(pip.milliseconds / pass.milliseconds).toFixed(1)} x`;
    table.push([title, seconds(pip.milliseconds), seconds(pass.milliseconds), ratio, aim]);
  };
  const sizes = `${(cold.zipBytes / pip.zipBytes).toFixed(2)}`;
  times("cold, like for like", cold, "8 x");
  times("cold, with import tests", coldTested, "");
  table.push(["zips", megabytes(pip.zipBytes), megabytes(cold.zipBytes), sizes, "<= 0.80"]);
  times("unchanged", unchanged, "50 x");
  table.push(["installs when unchanged", "all", String(unchanged.built.length), "", "0"]);
  table.push(["peak memory, awswrangler", "", megabytes(awswranglerPeakBytes), "", "<= 512 MB"]);
  return table.toString();
}

function steps(pass: Pass): string {
  const parts = Object.entries(pass.steps).map(([step, milliseconds]) => `${step} ${seconds(milliseconds)}`);
  return parts.length === 0 ? "" : `; summed over builds: ${parts.join(", ")}`;
}

async function pipWay(
  rows: readonly string[],
  options: LayerBenchOptions,
  settings: BuilderSettings,
  folder: string,
) {
  const interpreter = settings.pythons[options.python];
  if (interpreter === undefined) throw new Error(`STRATA_PYTHONS names no Python ${options.python}.`);
  const start = performance.now();
  let zipBytes = 0;
  for (const row of rows) {
    const work = join(folder, "work");
    await mkdir(work, { recursive: true });
    await run(
      interpreter,
      ["-m", "pip", "install", "-t", join(work, "python"), row, "--upgrade", "--no-cache-dir"],
      { folder },
    );
    await run("zip", ["-qr", join(work, "layer.zip"), "python"], { folder: work });
    zipBytes += (await stat(join(work, "layer.zip"))).size;
    await rm(work, { recursive: true });
    options.log(`  pip ${row}: ${seconds(performance.now() - start)} so far`);
  }
  return { milliseconds: performance.now() - start, zipBytes };
}

/** Builds awswrangler with the bundled handler, as a Lambda would run it, in a process of its own. */
async function peakOfAwswrangler(python: string, settings: BuilderSettings): Promise<number> {
  const [target] = await resolvePackages(
    { packages: [parseRow("awswrangler")], python, architectures: [architecture] },
    settings,
    await mkdtemp(join(settings.scratch, "resolve-")),
  );
  if (target?.status !== "resolved") throw new Error("awswrangler can't be resolved");
  const server = createServer((request, response) => {
    if (request.method === "GET") response.end(JSON.stringify(itemOf(target, python)));
    else request.resume().once("end", () => response.end());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    const { output, bytes } = await runHandler(
      "builder/builder",
      { operation: "build", itemUrl: url, uploadUrl: url },
      settings.scratch,
    );
    const answer = JSON.parse(output) as BuildResult;
    if (answer.status !== "built") throw new Error(`awswrangler: ${answer.failure.message}`);
    return bytes;
  } finally {
    server.close();
  }
}
