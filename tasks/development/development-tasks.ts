import * as fs from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { benchLayers } from "../../bench/layers";
import { renderSpecBench } from "../../bench/spec-report";
import { benchSpecs } from "../../bench/specs";
import { renderPartitionBench } from "../../bench/partition-report";
import { benchPartitions } from "../../bench/partitions";
import { benchStart, renderStartBench } from "../../bench/start";
import { ensureEngine } from "../../local/engine/engine";
import { ensureSpecRequirements } from "../../local/tools/spec-requirements";
import { REPOSITORY } from "../../local/paths";
import { ensureTools } from "../../local/tools/tools";
import { type Counts, runStaticChecks, runTests } from "./checks";
import { wholeNumber } from "../cli/options";
import { Steps } from "../cli/progress";
import { TaskError } from "../cli/task-error";
import { toolEnvironment } from "./tool-environment";

const UNIT = ["test/!(e2e)/**/*.test.ts"];
const END_TO_END = ["test/e2e/**/*.test.ts"];

interface TestOptions {
  readonly unit?: boolean;
  readonly e2e?: boolean;
  readonly grep?: string;
}

/** `test`, `lint` and `bench`. */
export function addDevelopmentTasks(program: Command): void {
  program
    .command("test")
    .description("run the static checks and every test; ends with how many passed and failed")
    .option("--unit", "only static checks and the tests that need no platform")
    .option("--e2e", "only the end-to-end tests, on a platform of their own")
    .option("--grep <pattern>", "only tests whose name matches")
    .action(test);
  program
    .command("lint")
    .description("type check, lint, format and import boundaries")
    .action(async () => {
      const counts = await runStaticChecks(new Steps().say);
      if (counts.failed > 0) throw new TaskError(`${counts.failed} of the static checks failed; see above`);
    });
  const bench = program.command("bench").description("measure against what you would use instead");
  bench
    .command("layers")
    .description("build layers from cold caches, against pip install and zip")
    .option("--packages <file>", "a package a line", path.join(REPOSITORY, "bench", "packages.txt"))
    .option("--python <version>", "for this Python", "3.12")
    .option("--count <n>", "how many of the file's packages", wholeNumber(1, 1000), 20)
    .action(benchLayersTask);
  bench
    .command("specs")
    .description("build packages of specs, against open_alchemy.build_json in a fresh Python for each")
    .option("--count <n>", "how many specs, from 1 to 100 models", wholeNumber(1, 1000), 50)
    .option("--port <port>", "where a platform of its own listens", wholeNumber(1, 65_535), 14_597)
    .option("--json", "print the figures as JSON")
    .action(benchSpecsTask);
  bench
    .command("partitions")
    .description("register partitions of a table, against awswrangler, at the delays of AWS and without any")
    .option("--count <n>", "new partitions", wholeNumber(1, 100_000), 10_000)
    .option("--many <n>", "partitions of the memory figure", wholeNumber(1, 1_000_000), 100_000)
    .option("--write-delay <ms>", "milliseconds a call that writes takes longer", wholeNumber(0, 60_000), 150)
    .option("--read-delay <ms>", "milliseconds a call that reads takes longer", wholeNumber(0, 60_000), 30)
    .option(
      "--record-delay <ms>",
      "milliseconds a call to our own table takes longer",
      wholeNumber(0, 60_000),
      10,
    )
    .option("--port <port>", "where an emulator of its own listens", wholeNumber(1, 65_535), 14_598)
    .option("--json", "print the figures as JSON")
    .action(benchPartitionsTask);
  bench
    .command("start")
    .description("how long start takes to the first import, and up when nothing changed")
    .option("--port <port>", "where a platform of its own listens", wholeNumber(1, 65_535), 14_599)
    .option("--json", "print the figures as JSON")
    .action(benchStartTask);
}

async function test(options: TestOptions): Promise<void> {
  const { say } = new Steps();
  const [tools] = await Promise.all([ensureTools({ progress: say }), ensureEngine({ progress: say })]);
  const everything = options.unit !== true && options.e2e !== true;
  const counts: Counts[] = [];
  if (options.e2e !== true && options.grep === undefined) counts.push(await runStaticChecks(say));
  const files = [
    ...(everything || options.unit === true ? UNIT : []),
    ...(everything || options.e2e === true ? END_TO_END : []),
  ];
  counts.push(await runTests(files, options.grep, tools));
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

async function benchLayersTask(options: {
  readonly packages: string;
  readonly python: string;
  readonly count: number;
}): Promise<void> {
  const { say } = new Steps();
  const tools = await ensureTools({ progress: say });
  const packages = fs
    .readFileSync(options.packages, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  Object.assign(process.env, toolEnvironment(tools));
  await benchLayers({ packages, python: options.python, count: options.count, log: say });
}

async function benchStartTask(options: { readonly port: number; readonly json?: boolean }): Promise<void> {
  const { say } = new Steps();
  await Promise.all([ensureTools({ progress: say }), ensureEngine({ progress: say })]);
  const result = await benchStart(options.port, (line) => {
    console.error(line);
  });
  console.log(options.json === true ? JSON.stringify(result) : renderStartBench(result));
}

async function benchSpecsTask(options: {
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

async function benchPartitionsTask(options: {
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
