import type { Command } from "commander";
import { architecture, lazily, pythonVersion, severalOf } from "../cli/options";

/** `layers build`, `layers list`, `layers show`. */
export function addTasks(program: Command): void {
  const layers = program.command("layers").description("build, list and look at layers");
  layers
    .command("build")
    .argument(
      "[requirement...]",
      "packages such as numpy or 'psycopg[binary,pool]>=3'; the whole catalog without any",
    )
    .description("build what changed and publish it to every region")
    .option("--packages <file>", "also the packages in a file, a requirement a line")
    .option("--python <version>", "only for this Python; may be given again", severalOf(pythonVersion))
    .option("--architecture <name>", "only for x86_64 or arm64", severalOf(architecture))
    .option("--force", "build even what did not change")
    .option("--dry-run", "check what was asked for, print it, and stop")
    .option("--no-wait", "start the run and come back at once")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print the result as JSON")
    .action(lazily(async () => (await import("./layer-tasks")).build));
  layers
    .command("list")
    .description("the latest layer of every package, Python and architecture")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON, with the ARNs of every region")
    .action(lazily(async () => (await import("./layer-tasks")).list));
  layers
    .command("show")
    .argument("<package>", "a package such as numpy or 'psycopg[binary,pool]'")
    .description("everything about one package: builds, failures with the tool's last lines, layers")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./layer-tasks")).show));
}
