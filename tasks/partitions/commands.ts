import type { Command } from "commander";
import { lazily } from "../cli/options";

/** `partitions sync`, `partitions status`, `partitions advice`. */
export function addTasks(program: Command): void {
  const partitions = program
    .command("partitions")
    .description("keep the Glue partitions of raw tables right");
  partitions
    .command("sync")
    .description("make the partitions what the buckets say, of every raw table or of some")
    .option("--database <name>", "only this database, or those that fit, such as 'sales_*'")
    .option("--table <name>", "only this table, or those that fit")
    .option("--from <date>", "from this day on, such as 2026-11-01, instead of the look-back")
    .option("--to <date>", "up to this day, with it")
    .option("--full", "whatever the day")
    .option("--dry-run", "tell what would be done, and do nothing")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print the results as JSON")
    .action(lazily(async () => (await import("./partition-tasks")).sync));
  partitions
    .command("status")
    .description("how fresh each table is: its newest partition, and what became of it in the last run")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./partition-tasks")).status));
  partitions
    .command("advice")
    .description("which tables could use partition projection, with the properties to set")
    .option("--database <name>", "only this database")
    .option("--table <name>", "only this table; needs --database")
    .option("--apply", "set the properties of that one table")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./partition-tasks")).advice));
}
