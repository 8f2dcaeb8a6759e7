import type { Command } from "commander";
import { lazily } from "../cli/options";

/** `partitions sync`, `partitions status`, `partitions advice`. */
export function addTasks(program: Command): void {
  const partitions = program
    .command("partitions")
    .description("keep the Glue partitions of raw tables up to date");
  partitions
    .command("sync")
    .description("register the partitions that the buckets have, for all raw tables or some")
    .option("--database <name>", "only this database, or those that match, such as 'sales_*'")
    .option("--table <name>", "only this table, or those that match")
    .option("--from <date>", "the first day, such as 2026-11-01, instead of the look-back")
    .option("--to <date>", "the last day, which is included")
    .option("--full", "all days")
    .option("--dry-run", "show what would be done, but do nothing")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print the results as JSON")
    .action(lazily(async () => (await import("./partition-tasks")).sync));
  partitions
    .command("status")
    .description("how fresh each table is: its newest partition and its last run")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./partition-tasks")).status));
  partitions
    .command("advice")
    .description("which tables could use partition projection, and the properties to set")
    .option("--database <name>", "only this database")
    .option("--table <name>", "only this table; needs --database")
    .option("--apply", "set the properties on that table")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(lazily(async () => (await import("./partition-tasks")).advice));
}
