import { type Command, Option } from "commander";
import { lazily, wholeNumber } from "../cli/options";

/** The platform on this machine, and the stacks of all stages. */
export function addTasks(program: Command): void {
  program
    .command("start")
    .description("start the whole platform on this machine, and show what each service does")
    .option("--port <port>", "where the emulator listens on 127.0.0.1", wholeNumber(1, 65_535))
    .option("--no-build", "deploy only; build no layers")
    .option("--json", "print the result as JSON")
    .action(lazily(async () => (await import("./start")).start));
  program
    .command("stop")
    .description("stop the platform; its data is lost, its tools stay")
    .action(lazily(async () => (await import("./status")).stop));
  program
    .command("status")
    .description("whether the platform runs, and where")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./status")).status));
  program
    .command("logs")
    .argument("[function]", "part of a function's name; all functions without one")
    .description("what functions logged")
    .option("--since <minutes>", "how many minutes back", wholeNumber(1, 100_000), 60)
    .option("--json", "print a JSON object a line")
    .option("--stage <stage>", "the stage", "local")
    .action(lazily(async () => (await import("./functions")).logs));
  program
    .command("invoke")
    .argument("<function>", "part of a function's name that matches only one")
    .argument("[json]", "the event", "{}")
    .description("invoke a function and print its answer")
    .option("--stage <stage>", "the stage", "local")
    .action(lazily(async () => (await import("./functions")).invoke));
  program
    .command("reset")
    .description("stop the platform and delete its data, so that the next start is a first one")
    .action(lazily(async () => (await import("./status")).reset));
  addStackTasks(program);
}

/** `preview`, `up` and `destroy` of any stage, through the real engine. */
function addStackTasks(program: Command): void {
  const provider = new Option(
    "--provider <which>",
    "local: the emulator's provider; official: the published AWS plugin (default: local for stage local, else official)",
  ).choices(["local", "official"]);
  const stage = "local, default, dev, prod or a stack of your own";
  program
    .command("preview")
    .argument("<stage>", stage)
    .description("show what up would change; changes nothing")
    .addOption(provider)
    .option("--json", "print the counts of changes as JSON")
    .action(lazily(async () => (await import("./stages")).preview));
  program
    .command("up")
    .argument("<stage>", stage)
    .description("deploy a stage")
    .addOption(provider)
    .option("--json", "print the counts of changes and the outputs as JSON")
    .option("--yes", "needed to change a stage on AWS")
    .action(lazily(async () => (await import("./stages")).up));
  program
    .command("destroy")
    .argument("<stage>", stage)
    .description("remove a stage; layer versions it published stay")
    .addOption(provider)
    .option("--yes", "needed to change a stage on AWS")
    .action(lazily(async () => (await import("./stages")).destroy));
}
