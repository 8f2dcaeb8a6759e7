import { Command, CommanderError } from "commander";
import { TaskError } from "./task-error";

import { addCatalogTasks } from "../catalog/catalog-tasks";
import { addDevelopmentTasks } from "../development/development-tasks";
import { addLayerTasks } from "../layers/layer-tasks";
import { addSpecTasks } from "../specs/spec-tasks";
import { addPartitionTasks } from "../partitions/partition-tasks";
import { addPlatformTasks } from "../platform/platform-tasks";
import { addStackTasks } from "../platform/stack-tasks";
import { addStartTask } from "../platform/start-task";

/** The command line of the project: each group of tasks adds its own. */
export function commandLine(): Command {
  const program = new Command("strata")
    .description("Python packages as Lambda layers: run the platform on this machine, or deploy it to AWS.")
    .option("--list", "list every task, a line each")
    .helpCommand("help [task...]", "explain a task")
    .showHelpAfterError("(./strata --list names every task)")
    .exitOverride();
  addStartTask(program);
  addPlatformTasks(program);
  addStackTasks(program);
  addLayerTasks(program);
  addCatalogTasks(program);
  addSpecTasks(program);

  addPartitionTasks(program);
  addDevelopmentTasks(program);
  return program;
}

/** Every task with its path and description, depth first. */
export function listTasks(command: Command, path: readonly string[] = []): string[] {
  return command.commands.flatMap((task) => {
    const here = [...path, task.name()];
    if (task.commands.length > 0) return listTasks(task, here);
    const usage = task.registeredArguments.map((argument) =>
      argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    );
    return [`${[...here, ...usage].join(" ").padEnd(32)} ${task.description()}`];
  });
}

/** `help layers build` explains the inner task; commander itself looks one level deep. */
function helpFor(program: Command, names: readonly string[]): string {
  let task = program;
  for (const name of names) {
    const inner = task.commands.find((candidate) => candidate.name() === name);
    if (inner === undefined)
      throw new TaskError(`there is no task ${names.join(" ")}; ./strata --list names them all`);
    task = inner;
  }
  return task.helpInformation();
}

async function main(argv: readonly string[]): Promise<number> {
  const program = commandLine();
  try {
    if (argv.includes("--list")) {
      console.log(listTasks(program).join("\n"));
    } else if (argv[0] === "help") {
      console.log(helpFor(program, argv.slice(1)));
    } else {
      await program.parseAsync(argv, { from: "user" });
    }
    // A task that is done but not all well has said so itself.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has already printed what it had to say.
    if (error instanceof CommanderError) return error.exitCode;
    console.error(describeError(error));
    return 1;
  }
}

/** A task's own errors are one clear message; anything else keeps its stack, because it is ours to mend. */
function describeError(error: unknown): string {
  const known =
    error instanceof Error &&
    /^(TaskError|LocalError|SettingsError|CatalogError|UserError)$/.test(error.name);
  if (known) return `strata: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
