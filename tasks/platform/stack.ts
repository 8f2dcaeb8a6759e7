/** Opens the stack of a stage, with the program running in this process. Imports the program and the engine, so it takes a second to load. */
import { type Emulator, startEmulator } from "../../local/emulator/emulator";
import { ensureEngine } from "../../local/engine/engine";
import { type Stack, openStack } from "../../local/engine/stack";
import { ensureSpecRequirements } from "../../local/tools/spec-requirements";
import { type Progress, type Tools, ensureTools } from "../../local/tools/tools";
import { program } from "../../stacks/program";
import { TaskError } from "../cli/output";
import type { StageOutputs } from "../../stacks/outputs";
import { currentHome, forgetOutputs, parseOutputs } from "./home";

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
  // A new emulator is empty.
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

/** The stack of any stage, as the engine deploys or previews it. */
export async function openStage(options: {
  readonly stage: string;
  readonly provider: "local" | "official";
  readonly create?: boolean;
  readonly emulator?: Emulator | undefined;
  readonly progress?: Progress;
}): Promise<Stack> {
  const { emulator, progress, ...rest } = options;
  const engine = await ensureEngine(progress === undefined ? {} : { progress });
  return openStack({
    home: currentHome(),
    program: inlineProgram,
    engine,
    region: awsRegion(),
    ...rest,
    ...(progress === undefined ? {} : { progress }),
    ...(emulator === undefined ? {} : { emulator }),
  });
}

/**
 * The outputs of a stage on AWS, and its home region.
 *
 * @throws TaskError when it is not deployed.
 */
export async function readStage(
  stage: string,
): Promise<{ readonly outputs: StageOutputs; readonly region: string }> {
  const stack = await openStage({ stage, provider: "official" });
  const outputs = parseOutputs(await stack.outputs());
  if (outputs === undefined) {
    throw new TaskError(`stage ${stage} is not deployed; ./strata up ${stage} does it`);
  }
  return { outputs, region: outputs.stage.regions[0] ?? awsRegion() };
}

function awsRegion(): string {
  return process.env["AWS_REGION"] ?? "us-east-1";
}

/** The program as the Automation API takes it. */
function inlineProgram(): Promise<Record<string, unknown>> {
  return Promise.resolve({ ...program() });
}
