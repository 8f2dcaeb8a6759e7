import * as fs from "node:fs";
import * as path from "node:path";
import { type Emulator, emulatorStatus, startEmulator } from "../../local/emulator/emulator";
import { ensureEngine } from "../../local/engine/engine";
import { ensureSpecRequirements } from "../../local/tools/spec-requirements";
import { platformHome } from "../../local/paths";
import { type Stack, openStack } from "../../local/engine/stack";
import { type Progress, type Tools, ensureTools } from "../../local/tools/tools";
import { TaskError } from "../cli/task-error";
import { program } from "../../stacks/program";
import { type StageOutputs, outputsSchema } from "../../stacks/outputs";

/** Where the running platform keeps its data. Tests set STRATA_HOME to have one of their own. */
export function currentHome(): string {
  const home = process.env["STRATA_HOME"];
  return home === undefined || home === "" ? platformHome() : path.resolve(home);
}

/** The running platform on this machine. */
export interface LocalPlatform {
  readonly home: string;
  readonly tools: Tools;
  /** Folder with what packages are built with; see `ensureSpecRequirements`. */
  readonly specRequirements: string;
  readonly emulator: Emulator;
  readonly stack: Stack;
}

/** Installs what is missing, starts the emulator, opens the stack `local`. */
export async function prepareLocal(
  progress: Progress,
  options: { readonly port?: number } = {},
): Promise<LocalPlatform> {
  const home = currentHome();
  const [tools, engine] = await Promise.all([ensureTools({ progress }), ensureEngine({ progress })]);
  const specRequirements = await ensureSpecRequirements({ tools, progress });
  const emulator = await startEmulator({ home, tools, specRequirements, progress, ...options });
  // A new one is empty, whatever became of the earlier one.
  if (emulator.started) forgetOutputs(home);
  const stack = await openStack({
    home,
    stage: "local",
    program: inlineProgram,
    provider: "local",
    engine,
    emulator,
    region: "us-east-1",
    progress,
  });
  return { home, tools, specRequirements, emulator, stack };
}

/** The program as the Automation API takes it. */
export function inlineProgram(): Promise<Record<string, unknown>> {
  return Promise.resolve({ ...program() });
}

const outputsFile = (home: string): string => path.join(home, "outputs.json");

/** Keeps the outputs of the last `up` beside the platform, so that small tasks need no engine. */
export function saveOutputs(home: string, outputs: StageOutputs): void {
  fs.writeFileSync(outputsFile(home), JSON.stringify(outputs, undefined, 2));
}

/** Drops the outputs when the platform they describe goes. */
export function forgetOutputs(home: string): void {
  fs.rmSync(outputsFile(home), { force: true });
}

/**
 * The emulator and the outputs of the platform that runs here.
 *
 * @throws TaskError when none runs.
 */
export async function runningPlatform(): Promise<{
  readonly emulator: Emulator;
  readonly outputs: StageOutputs;
}> {
  const home = currentHome();
  const emulator = await emulatorStatus(home);
  if (emulator === undefined) throw new TaskError("no platform runs here; ./strata start brings it up");
  const outputs = deployedOutputs(home);
  if (outputs === undefined) {
    throw new TaskError("the emulator runs but nothing is deployed on it; ./strata start deploys");
  }
  return { emulator, outputs };
}

/** The outputs of what is deployed, undefined when nothing is. */
export function deployedOutputs(home: string): StageOutputs | undefined {
  const file = outputsFile(home);
  return fs.existsSync(file) ? outputsSchema.parse(JSON.parse(fs.readFileSync(file, "utf8"))) : undefined;
}
