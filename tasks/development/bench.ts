/** The only tasks that import the benchmarks. */
import { readFileSync } from "node:fs";
import { benchLayers } from "../../bench/layers";
import { renderPartitionBench } from "../../bench/partition-report";
import { benchPartitions } from "../../bench/partitions";
import { renderSpecBench } from "../../bench/spec-report";
import { benchSpecs } from "../../bench/specs";
import { benchStart, renderStartBench } from "../../bench/start";
import { ensureEngine } from "../../local/engine/engine";
import { ensureSpecRequirements } from "../../local/tools/spec-requirements";
import { ensureTools, toolEnvironment } from "../../local/tools/tools";
import { Steps } from "../cli/output";

/** `bench layers`: builds layers from cold caches, against pip install and zip. */
export async function layers(options: {
  readonly packages: string;
  readonly python: string;
  readonly count: number;
}): Promise<void> {
  const { say } = new Steps();
  const tools = await ensureTools({ progress: say });
  const packages = readFileSync(options.packages, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  Object.assign(process.env, toolEnvironment(tools));
  await benchLayers({ packages, python: options.python, count: options.count, log: say });
}

/** `bench start`: how long start takes. */
export async function start(options: { readonly port: number; readonly json?: boolean }): Promise<void> {
  const { say } = new Steps();
  await Promise.all([ensureTools({ progress: say }), ensureEngine({ progress: say })]);
  const result = await benchStart(options.port, (line) => {
    console.error(line);
  });
  console.log(options.json === true ? JSON.stringify(result) : renderStartBench(result));
}

/** `bench specs`: builds packages of specs, against open_alchemy.build_json. */
export async function specs(options: {
  readonly count: number;
  readonly port: number;
  readonly json?: boolean;
}): Promise<void> {
  const { say } = new Steps();
  const [tools] = await Promise.all([ensureTools({ progress: say }), ensureEngine({ progress: say })]);
  const result = await benchSpecs({
    specs: options.count,
    port: options.port,
    requirements: await ensureSpecRequirements({ tools, progress: say }),
    pythons: tools.pythons,
    log: say,
  });
  console.log(options.json === true ? JSON.stringify(result) : renderSpecBench(result));
}

/** `bench partitions`: registers partitions, against awswrangler. */
export async function partitions(options: {
  readonly count: number;
  readonly many: number;
  readonly writeDelay: number;
  readonly readDelay: number;
  readonly recordDelay: number;
  readonly port: number;
  readonly json?: boolean;
}): Promise<void> {
  const { say } = new Steps();
  const result = await benchPartitions({
    tools: await ensureTools({ progress: say }),
    port: options.port,
    partitions: options.count,
    manyPartitions: options.many,
    delays: { write: options.writeDelay, read: options.readDelay, record: options.recordDelay },
    log: say,
  });
  console.log(options.json === true ? JSON.stringify(result) : renderPartitionBench(result));
}
