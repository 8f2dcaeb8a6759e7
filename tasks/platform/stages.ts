import { emulatorStatus } from "../../local/emulator/emulator";
import { runStack } from "../../local/engine/run-stack";
import type { Stack } from "../../local/engine/stack";
import { Steps, TaskError } from "../cli/output";
import { currentHome, deployedOutputs, forgetOutputs, parseOutputs, saveOutputs } from "./home";
import { findShowcases } from "./showcases";

interface StackOptions {
  readonly provider?: "local" | "official";
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** `preview`: shows what `up` would change. */
export async function preview(stage: string, options: StackOptions): Promise<void> {
  const stack = await openFor(stage, options, "preview");
  const { changes } = await runStack(stack, "preview", { onOutput: toTerminal(options), warn });
  if (options.json === true) console.log(JSON.stringify(changes));
}

/** `up`: deploys a stage. */
export async function up(stage: string, options: StackOptions): Promise<void> {
  requireYes(stage, options, "up");
  const stack = await openFor(stage, options, "up");
  const { outputs: raw, changes } = await runStack(stack, "up", { onOutput: toTerminal(options), warn });
  const outputs = parseOutputs(raw);
  if (stage === "local" && outputs !== undefined) saveOutputs(currentHome(), outputs);
  if (options.json === true) console.log(JSON.stringify({ changes, outputs }, undefined, 2));
}

/** `destroy`: removes a stage. */
export async function destroy(stage: string, options: StackOptions): Promise<void> {
  requireYes(stage, options, "destroy");
  const stack = await openFor(stage, options, "destroy");
  refuseToLoseData(stage, await stack.getAllConfig());
  // What start put beside the stack goes with it; where nothing was deployed there is none.
  if (stage === "local" && deployedOutputs(currentHome()) !== undefined) await removeShown(stage);
  await runStack(stack, "destroy", { onOutput: toTerminal({}), warn });
  if (stage === "local") forgetOutputs(currentHome());
}

async function removeShown(stage: string): Promise<void> {
  const { connect } = await import("./connection");
  const connection = await connect(stage);
  for (const { remove } of findShowcases()) await remove?.(connection);
}

const warn = (text: string): void => {
  console.error(text);
};

/**
 * A stage that keeps its data is not destroyed: the engine would remove everything around the protected buckets before it
 * stopped at them.
 *
 * @throws TaskError that tells how to do it on purpose.
 */
export function refuseToLoseData(
  stage: string,
  config: Readonly<Record<string, { readonly value: string }>>,
): void {
  if (config["strata:retainData"]?.value !== "true") return;
  throw new TaskError(
    `stage ${stage} keeps its data (strata:retainData is true). To remove it on purpose, set strata:retainData to false in ` +
      `Pulumi.${stage}.yaml, run ./strata up ${stage} --yes, then destroy`,
  );
}

/** The engine's own report: on the terminal, or aside when stdout is for JSON. */
function toTerminal(options: StackOptions): (text: string) => void {
  return (text) => (options.json === true ? process.stderr : process.stdout).write(text);
}

function providerOf(stage: string, options: StackOptions): "local" | "official" {
  return options.provider ?? (stage === "local" ? "local" : "official");
}

function requireYes(stage: string, options: StackOptions, task: string): void {
  if (providerOf(stage, options) === "local" || options.yes === true) return;
  throw new TaskError(
    `${task} changes stage ${stage} on AWS. Look first with ./strata preview ${stage}, then run ./strata ${task} ${stage} --yes`,
  );
}

/**
 * The stack of a stage. The local provider can preview any stage without an emulator, and change only stage local.
 */
async function openFor(
  stage: string,
  options: StackOptions,
  task: "preview" | "up" | "destroy",
): Promise<Stack> {
  const provider = providerOf(stage, options);
  const progress = new Steps().say;
  const changes = task !== "preview";
  if (provider === "local" && changes && stage !== "local")
    throw new TaskError(`the local provider deploys stage local only, not ${stage}`);
  const { openStage, prepareLocal } = await import("./stack");
  if (provider === "local" && changes) return (await prepareLocal(progress)).stack;
  const emulator =
    provider === "local" && stage === "local" ? await emulatorStatus(currentHome()) : undefined;
  // Only `up` makes a stack: a mistyped stage must not leave one behind.
  return openStage({ stage, provider, create: task === "up", emulator, progress });
}
