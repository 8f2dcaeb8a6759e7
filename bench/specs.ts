/** Builds specs on two sides: with Strata's deployed functions, and with `open_alchemy.build_json` in a new Python for each spec. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetFunctionConfigurationCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import pLimit from "p-limit";
import type { SpecBuildAnswer, SpecBuildRequest } from "../runtime/contracts/specs";
import { Connection, emulatorSettings } from "../tasks/platform/connection";
import { deployedOutputs } from "../tasks/platform/home";
import { buildSpec } from "../tasks/specs/build-spec";
import { seconds } from "./figures";
import { runTask, withOwnPlatform } from "./own-platform";
import { type BenchSpec, madeUpSpecs } from "./made-up-specs";
import { run, runMeasured } from "./processes";
import { runHandler } from "./run-handler";

interface SpecBenchOptions {
  readonly specs: number;
  /** Port for the benchmark's own platform. */
  readonly port: number;
  /** Folder with the pinned requirements of packages, for the Python that its file `installed` names. */
  readonly requirements: string;
  /** Interpreters by minor version. */
  readonly pythons: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** Milliseconds for all specs. */
interface Times {
  readonly oneByOne: number;
  readonly fourAtOnce: number;
}

export interface SpecBenchResult {
  readonly specs: number;
  readonly direct: Times;
  /** The builder, invoked with a spec. */
  readonly build: Times;
  /** From the upload of a spec until its packages exist. */
  readonly whole: Times;
  /** Most memory in bytes of one build, all its processes together. */
  readonly peak: { readonly direct: number; readonly build: number };
}

/** What a user would write instead. */
const DIRECTLY = `
import sys
from open_alchemy import PackageFormat, build_json
build_json(spec_filename=sys.argv[1], package_name=sys.argv[2], dist_path=sys.argv[3],
           format_=PackageFormat.SDIST | PackageFormat.WHEEL)
`;

/** Builds the same specs on one side after the other, on this machine. */
export async function benchSpecs(options: SpecBenchOptions): Promise<SpecBenchResult> {
  const { log, port } = options;
  const specs = madeUpSpecs(options.specs);
  const scratch = await mkdtemp(join(tmpdir(), "strata-bench-"));
  try {
    return await withOwnPlatform(async (home) => {
      log("Deploying a platform for the benchmark");
      await runTask(["start", "--no-build", "--port", String(port)], home);
      const outputs = deployedOutputs(home);
      if (outputs === undefined) throw new Error("start deployed nothing");
      const connection = new Connection(
        "local",
        outputs,
        emulatorSettings(`http://127.0.0.1:${String(port)}`),
      );
      const directly = await directSide(options, scratch);
      const build = await buildSide(connection);
      const whole = (spec: BenchSpec, owner: string) => uploadAndWait(connection, spec, owner);
      const direct = await timed("build_json in a new Python", specs, directly.build, log);
      return {
        specs: specs.length,
        direct,
        build: await timed("strata, the builder alone", specs, build, log),
        whole: await timed("strata, from upload to package", specs, whole, log),
        peak: { direct: await directly.peak(specs), build: await peakOfBuild(specs, options, scratch) },
      };
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type BuildOne = (spec: BenchSpec, round: string) => Promise<unknown>;

async function timed(
  title: string,
  specs: readonly BenchSpec[],
  build: BuildOne,
  log: (line: string) => void,
): Promise<Times> {
  const pass = async (atOnce: number): Promise<number> => {
    const limit = pLimit(atOnce);
    const start = performance.now();
    await Promise.all(specs.map((spec) => limit(() => build(spec, `round-${String(atOnce)}`))));
    return performance.now() - start;
  };
  const times = { oneByOne: await pass(1), fourAtOnce: await pass(4) };
  log(`${title}: ${seconds(times.oneByOne)} one by one, ${seconds(times.fourAtOnce)} with 4 at once`);
  return times;
}

async function directSide({ requirements, pythons }: SpecBenchOptions, scratch: string) {
  const version = (await readFile(join(requirements, "installed"), "utf8")).trim();
  const python = pythons[version];
  if (python === undefined)
    throw new Error(`${requirements} is for Python ${version}, which isn't on this machine.`);
  const program = join(scratch, "directly.py");
  await writeFile(program, DIRECTLY);
  const argumentsFor = async ({ name, text }: BenchSpec, round: string) => {
    const folder = await mkdtemp(join(scratch, `${round}-`));
    await writeFile(join(folder, "spec.json"), text);
    return [program, join(folder, "spec.json"), name, join(folder, "dist")];
  };
  return {
    build: async (spec: BenchSpec, round: string): Promise<unknown> =>
      run(python, await argumentsFor(spec, round), {
        folder: scratch,
        environment: { ...process.env, PYTHONPATH: requirements },
      }),
    peak: async (specs: readonly BenchSpec[]): Promise<number> => {
      const args = [`PYTHONPATH=${requirements}`, python, ...(await argumentsFor(largest(specs), "peak"))];
      return (await runMeasured("env", args)).bytes;
    },
  };
}

async function buildSide(connection: Connection): Promise<BuildOne> {
  const lambda = connection.lambda();
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: connection.outputs.specs.handler }),
  );
  const FunctionName = Environment?.Variables?.["SPEC_BUILDER"];
  return async (spec) => {
    const Payload = Buffer.from(JSON.stringify(requestFor(spec)));
    const { Payload: answer } = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    expectBuilt(Buffer.from(answer ?? []).toString(), spec);
  };
}

async function uploadAndWait(
  connection: Connection,
  { name, version, text }: BenchSpec,
  owner: string,
): Promise<void> {
  const result = await buildSpec(connection, { owner, specId: name, version }, text);
  if (result.status === "refused") throw new Error(`${name} was refused: ${result.reason}`);
}

/** Runs the bundled handler as Lambda does, so that Node's memory counts as well as Python's. */
async function peakOfBuild(
  specs: readonly BenchSpec[],
  { requirements, pythons }: SpecBenchOptions,
  scratch: string,
): Promise<number> {
  Object.assign(process.env, {
    STRATA_SPEC_REQUIREMENTS: requirements,
    STRATA_PYTHONS: JSON.stringify(pythons),
  });
  const spec = largest(specs);
  const { output, bytes } = await runHandler("specs/build", requestFor(spec), scratch);
  expectBuilt(output, spec);
  return bytes;
}

function requestFor({ name, version, text }: BenchSpec): SpecBuildRequest {
  return { spec: text, packageName: name, version };
}

function expectBuilt(answer: string, { name }: BenchSpec): void {
  const { outcome } = JSON.parse(answer) as SpecBuildAnswer;
  if (outcome !== "built") throw new Error(`${name} was not built: ${answer.slice(0, 500)}`);
}

function largest(specs: readonly BenchSpec[]): BenchSpec {
  const last = specs.at(-1);
  if (last === undefined) throw new Error("There are no specs to build.");
  return last;
}
