/** The platform that runs on this machine: where it keeps its data, and what is deployed on it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Emulator, emulatorStatus } from "../../local/emulator/emulator";
import { platformHome } from "../../local/paths";
import { TaskError } from "../cli/output";
import { type StageOutputs, outputsSchema } from "../../stacks/outputs";
import type { OutputMap } from "../../local/engine/stack";

/** Where the running platform keeps its data. Tests set STRATA_HOME to have one of their own. */
export function currentHome(): string {
  const home = process.env["STRATA_HOME"];
  return home === undefined || home === "" ? platformHome() : path.resolve(home);
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

/** The outputs of what is deployed, undefined when nothing is. */
export function deployedOutputs(home: string): StageOutputs | undefined {
  const file = outputsFile(home);
  return fs.existsSync(file) ? outputsSchema.parse(JSON.parse(fs.readFileSync(file, "utf8"))) : undefined;
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

/**
 * The outputs of a stack as the engine gives them; undefined when nothing is deployed.
 *
 * @throws ZodError when they are of another version of the program.
 */
export function parseOutputs(outputs: OutputMap): StageOutputs | undefined {
  if (Object.keys(outputs).length === 0) return undefined;
  const plain = Object.entries(outputs).map(([group, { value }]) => [group, value as unknown]);
  return outputsSchema.parse(Object.fromEntries(plain));
}
