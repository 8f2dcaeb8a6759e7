import type { Command } from "commander";
import { lazily } from "../cli/options";

/** `specs build`, `list`, `index`, `redrive` and `canary`. */
export function addTasks(program: Command): void {
  const specs = program.command("specs").description("Python packages built from OpenAPI specs");
  specs
    .command("build")
    .argument("<spec.json>", "an OpenAPI 3 document whose schemas have OpenAlchemy's x-tablename")
    .description("upload a spec, wait for its packages, and show how to install them")
    .option(
      "--owner <name>",
      "who owns the spec: the top folder in the bucket, and the package index to install from",
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
    .description("show all specs with their packages, or why they were refused")
    .option("--owner <name>", "only the specs of this owner")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./spec-tasks")).list));
  specs
    .command("index")
    .argument("<owner>", "who owns the packages")
    .description("show the address that pip and uv install an owner's packages from")
    .option("--show-password", "include the password of the package index in the address")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./spec-tasks")).packageIndex));
  specs
    .command("redrive")
    .description("send the events that failed for good to their function again")
    .option("--dry-run", "only show what would be sent")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print the outcome of each message as JSON")
    .action(lazily(async () => (await import("./spec-tasks")).redrive));
  specs
    .command("canary")
    .description("test a stage as a user would: upload a spec, install and use its package, remove the spec")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print the steps as JSON")
    .action(lazily(async () => (await import("./spec-tasks")).canary));
}
