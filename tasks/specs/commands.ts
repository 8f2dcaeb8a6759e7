import type { Command } from "commander";
import { lazily } from "../cli/options";

/** `specs build`, `specs list`, `specs index`, `specs redrive`, `specs canary`. */
export function addTasks(program: Command): void {
  const specs = program.command("specs").description("Python packages of OpenAPI specs");
  specs
    .command("build")
    .argument("<spec.json>", "an OpenAPI 3 document whose schemas carry OpenAlchemy's x-tablename")
    .description("upload a spec, wait for its package, and tell how to install it")
    .option(
      "--owner <name>",
      "whose it is: the folder in the bucket, and the index to install from",
      "default",
    )
    .option(
      "--name <id>",
      "name of the Python package (default: the file's name without -spec.json or .json)",
    )
    .option("--package-version <version>", "a PEP 440 version (default: the spec's info.version)")
    .option("--output <folder>", "also download the packages into this folder")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print the result as JSON")
    .action(lazily(async () => (await import("./spec-tasks")).build));
  specs
    .command("list")
    .description("every spec's package, or why it was refused")
    .option("--owner <name>", "only of this owner")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./spec-tasks")).list));
  specs
    .command("index")
    .argument("<owner>", "whose packages")
    .description("the address that pip and uv install from, and how")
    .option("--show-password", "with the password of the index in the address")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./spec-tasks")).index));
  specs
    .command("redrive")
    .description("send the events that failed for good to their function again")
    .option("--dry-run", "only tell what would be sent")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print what became of each message as JSON")
    .action(lazily(async () => (await import("./spec-tasks")).redrive));
  specs
    .command("canary")
    .description("upload a spec, install and use its package, remove the spec, and see the package gone")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print the steps as JSON")
    .action(lazily(async () => (await import("./canary-tasks")).canary));
}
