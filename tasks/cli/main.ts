import { Command, CommanderError } from "commander";
import { type AddTasks, exportsOfGroups } from "./groups";
import { TaskError, describeError } from "./output";

/** The command line of the project: each group of tasks adds its own. */
export function commandLine(): Command {
  const program = new Command("strata")
    .description("Python packages as Lambda layers: run the platform on this machine, or deploy it to AWS.")
    .option("--list", "list every task, a line each")
    .helpCommand("help [task...]", "explain a task")
    .showHelpAfterError("(./strata --list names every task)")
    .exitOverride();
  for (const addTasks of exportsOfGroups<AddTasks>("commands", "addTasks")) addTasks(program);
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

/** Runs what was typed, and gives the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const program = commandLine();
  try {
    if (argv.includes("--list")) {
      console.log(listTasks(program).join("\n"));
    } else if (argv[0] === "help") {
      console.log(helpFor(program, argv.slice(1)));
    } else {
      await program.parseAsync(argv, { from: "user" });
    }
    // A task that ran to its end but is not content has set the exit code itself.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has already printed what it had to say.
    if (error instanceof CommanderError) return error.exitCode;
    console.error(describeError(error));
    return 1;
  }
}

if (require.main === module) {
  void run(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
