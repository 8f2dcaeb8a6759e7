import type { Command } from "commander";
import { lazily, pythonVersion, severalOf } from "../cli/options";

/** `catalog check` and `catalog show`. */
export function addTasks(program: Command): void {
  const catalog = program.command("catalog").description("the list of packages to build");
  catalog
    .command("check")
    .argument("[name]", "a folder under stacks/catalog", "test")
    .description("read a catalog as the deployed loader does, and list every problem with file and line")
    .option(
      "--python <version>",
      "a Python that the stage builds for; may be given again",
      severalOf(pythonVersion),
    )
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./catalog-tasks")).check));
  catalog
    .command("show")
    .description("show the active catalog and the last refusals")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./catalog-tasks")).show));
}
