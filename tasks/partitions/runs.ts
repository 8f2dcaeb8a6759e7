import { z } from "zod";
import type { Progress } from "../../local/tools/tools";
import type { SurveyRequest } from "../../runtime/contracts/partitions";
import type { SyncResult } from "../../runtime/partitions/table/entities";
import { openPartitionStore } from "../../runtime/partitions/table/partition-store";
import type { Connection } from "../platform/connection";
import { executionOutput, followExecution, startExecution } from "../platform/executions";
import { TaskError } from "../cli/output";

/** A run over the tables, and what became of each of them, sorted by name. */
export interface PartitionRun {
  readonly run: string;
  readonly results: readonly SyncResult[];
  /** Tables of which there is no result, because their function died. */
  readonly unreported: number;
}

/** What a run ends with, as far as it says more than the results: its last step's answer, or why it did not begin. */
const outputSchema = z.union([
  z.object({ unreported: z.number() }),
  z.object({ refused: z.object({ errorMessage: z.string() }) }),
]);

/** Starts a run of the partition manager, and gives the execution's ARN. */
export function startSync(connection: Connection, request: SurveyRequest): Promise<string> {
  return startExecution(connection, connection.outputs.partitions.machine, request);
}

/**
 * Follows a run to its end and tells how far it is. Ctrl-C stops the run; partitions it has made stay.
 *
 * @throws TaskError when the run as a whole fails, such as when no table has the name asked for.
 */
export async function followSync(
  connection: Connection,
  run: string,
  progress: Progress,
): Promise<PartitionRun> {
  const store = openPartitionStore(connection.table(), () => new Date());
  const view = {
    look: (runId: string) => store.results(runId),
    describe: (results: readonly SyncResult[]) =>
      results.length === 0 ? undefined : describeResults(results),
    stays: "partitions it has made stay",
  };
  const results = await followExecution(connection, run, view, progress);
  const unreported = readOutput(await executionOutput(connection, run));
  const sorted = [...results].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  return { run, results: sorted, unreported };
}

/**
 * How many tables a run that ended knows nothing of.
 *
 * @throws TaskError when it was asked for what there is not.
 */
export function readOutput(output: unknown): number {
  const ended = outputSchema.parse(output);
  if ("refused" in ended) throw new TaskError(ended.refused.errorMessage);
  return ended.unreported;
}

/** Whether there is something to be looked at: a table refused or failed, or a partition. */
export function needsAttention({ results, unreported }: Omit<PartitionRun, "run">): boolean {
  const isBad = ({ status, failed }: SyncResult) => status === "failed" || status === "refused" || failed > 0;
  return unreported > 0 || results.some(isBad);
}

/** One line for the whole run. */
export function describeRun({ results, unreported }: Omit<PartitionRun, "run">): string {
  const silent = `; ${unreported} died without a word: ./strata logs partitions-sync`;
  return `${describeResults(results)}${unreported === 0 ? "" : silent}`;
}

/** One line: how many tables, and what was done to their partitions. */
function describeResults(results: readonly SyncResult[]): string {
  const sum = (count: "created" | "existed" | "updated" | "deleted" | "failed") =>
    results.reduce((total, result) => total + result[count], 0);
  const ended = (status: SyncResult["status"]) => results.filter((result) => result.status === status).length;
  const optional = (count: number, what: string) => (count > 0 ? [`${count} ${what}`] : []);
  const wouldBe = results.some(({ dryRun }) => dryRun) ? "would be " : "";
  return [
    `${results.length} ${results.length === 1 ? "table" : "tables"}`,
    ...optional(ended("skipped"), "skipped"),
    ...optional(ended("refused"), "refused"),
    ...optional(ended("failed"), "failed"),
    `${sum("created")} ${sum("created") === 1 ? "partition" : "partitions"} ${wouldBe}created`,
    `${sum("existed")} existed`,
    ...optional(sum("updated"), `${wouldBe}updated`),
    ...optional(sum("deleted"), `${wouldBe}deleted`),
    ...optional(sum("failed"), "partitions failed"),
  ].join(", ");
}

function nameOf({ database, table }: SyncResult): string {
  return `${database}.${table}`;
}
