import { join } from "node:path";
import type { Command } from "commander";
import { REPOSITORY } from "../../local/paths";
import { lazily, wholeNumber } from "../cli/options";

/** `test`, `lint`, `settings` and `bench`. */
export function addTasks(program: Command): void {
  program
    .command("test")
    .argument(
      "[tests...]",
      "test files, folders, modules, or parts of a test file's path; all tests without any",
    )
    .description("run the static checks and every test; ends with how many passed and failed")
    .option("--unit", "only static checks and the tests that need no platform")
    .option("--e2e", "only the end-to-end tests, on a platform of their own")
    .option(
      "--changed",
      "static checks, and the unit tests that a change against the branch main can have broken; says when end-to-end tests are needed too",
    )
    .option("--grep <pattern>", "only tests whose name matches; no static checks")
    .action(lazily(async () => (await import("./test")).test));
  program
    .command("lint")
    .description("type check, lint, format, import boundaries and unused code")
    .action(lazily(async () => (await import("./test")).lint));
  program
    .command("settings")
    .description("write the settings of stacks/settings/ into Pulumi.yaml and docs/deploy.md")
    .action(lazily(async () => (await import("./settings-docs")).settings));
  const bench = program.command("bench").description("measure against what you would use instead");
  bench
    .command("layers")
    .description("build layers from cold caches, against pip install and zip")
    .option("--packages <file>", "a package a line", join(REPOSITORY, "bench/packages.txt"))
    .option("--python <version>", "for this Python", "3.12")
    .option("--count <n>", "how many of the file's packages", wholeNumber(1, 1000), 20)
    .action(lazily(async () => (await import("./bench")).layers));
  bench
    .command("specs")
    .description("build packages of specs, against open_alchemy.build_json in a fresh Python for each")
    .option("--count <n>", "how many specs, from 1 to 100 models", wholeNumber(1, 1000), 50)
    .option("--port <port>", "where a platform of its own listens", wholeNumber(1, 65_535), 14_597)
    .option("--json", "print the figures as JSON")
    .action(lazily(async () => (await import("./bench")).specs));
  bench
    .command("partitions")
    .description("register partitions of a table, against awswrangler, at the delays of AWS and without any")
    .option("--count <n>", "new partitions", wholeNumber(1, 100_000), 10_000)
    .option("--many <n>", "partitions of the memory figure", wholeNumber(1, 1_000_000), 100_000)
    .option("--write-delay <ms>", "milliseconds a call that writes takes longer", wholeNumber(0, 60_000), 150)
    .option("--read-delay <ms>", "milliseconds a call that reads takes longer", wholeNumber(0, 60_000), 30)
    .option(
      "--record-delay <ms>",
      "milliseconds a call to our own table takes longer",
      wholeNumber(0, 60_000),
      10,
    )
    .option("--port <port>", "where an emulator of its own listens", wholeNumber(1, 65_535), 14_598)
    .option("--json", "print the figures as JSON")
    .action(lazily(async () => (await import("./bench")).partitions));
  bench
    .command("start")
    .description("how long start takes to the first import, and up when nothing changed")
    .option("--port <port>", "where a platform of its own listens", wholeNumber(1, 65_535), 14_599)
    .option("--json", "print the figures as JSON")
    .action(lazily(async () => (await import("./bench")).start));
}
