import { type Command, Option } from "commander";
import { emulatorStatus } from "../../local/emulator/emulator";
import { ensureEngine } from "../../local/engine/engine";
import { runStack } from "../../local/engine/run-stack";
import { type Stack, openStack } from "../../local/engine/stack";
import { connect } from "./connection";
import { removeExampleLake } from "../partitions/example-lake";
import {
  currentHome,
  deployedOutputs,
  forgetOutputs,
  inlineProgram,
  prepareLocal,
  saveOutputs,
} from "./local-platform";
import { parseOutputs } from "./stage-outputs";
import { Steps } from "../cli/progress";
import { TaskError } from "../cli/task-error";

interface StackOptions {
  readonly provider?: "local" | "official";
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** `preview`, `up` and `destroy` of any stage, through the real engine. */
export function addStackTasks(program: Command): void {
  const provider = new Option(
    "--provider <which>",
    "local: the emulator's provider; official: the published AWS plugin (default: local for stage local, else official)",
  ).choices(["local", "official"]);
  program
    .command("preview")
    .argument("<stage>", "local, default, dev, prod or a stack of your own")
    .description("show what up would change; changes nothing")
    .addOption(provider)
    .option("--json", "print the counts of changes as JSON")
    .action(preview);
  program
    .command("up")
    .argument("<stage>", "local, default, dev, prod or a stack of your own")
    .description("deploy a stage")
    .addOption(provider)
    .option("--json", "print the counts of changes and the outputs as JSON")
    .option("--yes", "needed to change a stage on AWS")
    .action(up);
  program
    .command("destroy")
    .argument("<stage>", "local, default, dev, prod or a stack of your own")
    .description("remove a stage; layer versions it published stay")
    .addOption(provider)
    .option("--yes", "needed to change a stage on AWS")
    .action(destroy);
}

async function preview(stage: string, options: StackOptions): Promise<void> {
  const stack = await openFor(stage, options, "preview");
  const { changes } = await runStack(stack, "preview", { onOutput: toTerminal(options), notice });
  if (options.json === true) console.log(JSON.stringify(changes));
}

async function up(stage: string, options: StackOptions): Promise<void> {
  requireYes(stage, options, "up");
  const stack = await openFor(stage, options, "up");
  const { outputs: raw, changes } = await runStack(stack, "up", { onOutput: toTerminal(options), notice });
  const outputs = parseOutputs(raw);
  if (stage === "local" && outputs !== undefined) saveOutputs(currentHome(), outputs);
  if (options.json === true) console.log(JSON.stringify({ changes, outputs }, undefined, 2));
}

async function destroy(stage: string, options: StackOptions): Promise<void> {
  requireYes(stage, options, "destroy");
  const stack = await openFor(stage, options, "destroy");
  refuseToLoseData(stage, await stack.getAllConfig());
  // What start put beside the stack goes with it; a stack that never stood has none.
  if (stage === "local" && deployedOutputs(currentHome()) !== undefined) {
    await removeExampleLake(await connect(stage));
  }
  await runStack(stack, "destroy", { onOutput: toTerminal({}), notice });
  if (stage === "local") forgetOutputs(currentHome());
}

const notice = (text: string): void => {
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
  if (provider === "local" && task !== "preview") {
    if (stage !== "local") throw new TaskError(`the local provider deploys stage local only, not ${stage}`);
    return (await prepareLocal(progress)).stack;
  }
  const home = currentHome();
  const engine = await ensureEngine({ progress });
  // Only `up` makes a stack: a mistyped stage must not leave one behind.
  const create = task === "up";
  const emulator = provider === "local" && stage === "local" ? await emulatorStatus(home) : undefined;
  return openStack({
    home,
    stage,
    program: inlineProgram,
    provider,
    create,
    engine,
    region: process.env["AWS_REGION"] ?? "us-east-1",
    progress,
    ...(emulator === undefined ? {} : { emulator }),
  });
}
