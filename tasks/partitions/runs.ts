import type { Progress } from "../../local/tools/tools";
import { runOutputSchema, type SurveyRequest } from "../../runtime/contracts/partitions";
import type { SyncResult } from "../../runtime/partitions/table/entities";
import { openPartitionStore } from "../../runtime/partitions/table/partition-store";
import { TaskError } from "../cli/output";
import type { Connection } from "../platform/connection";
import { executionOutput, followExecution, startExecution } from "../platform/executions";

/** A run of the partition manager that has ended. */
export interface PartitionRun {
  /** ARN of the execution. */
  readonly run: string;
  /** The results of its tables, sorted by name. */
  readonly results: readonly SyncResult[];
  /** How many tables have no result, because their function was stopped. */
  readonly unreported: number;
}

/** Starts a run. It answers the execution's ARN. */
export function startSync(connection: Connection, request: SurveyRequest): Promise<string> {
  return startExecution(connection, connection.outputs.partitions.machine, request);
}

/**
 * Follows a run to its end and reports progress. Ctrl-C stops the run, but keeps the partitions that it has created.
 *
 * @throws TaskError when the whole run fails, for example because no table has the requested name.
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
    stays: "it keeps the partitions that it has created",
  };
  const results = await followExecution(connection, run, view, progress);
  const unreported = readOutput(await executionOutput(connection, run));
  const sorted = [...results].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  return { run, results: sorted, unreported };
}

/**
 * Reads the output of a run. It answers how many tables have no result.
 *
 * @throws TaskError when the survey refused the request.
 */
export function readOutput(output: unknown): number {
  const read = runOutputSchema.parse(output);
  if ("refused" in read) throw new TaskError(read.refused.errorMessage);
  return read.unreported;
}

/** Whether somebody must look at the run: a table was refused or failed, or a partition failed, or a result is missing. */
export function needsAttention({ results, unreported }: Omit<PartitionRun, "run">): boolean {
  const isBad = ({ status, failed }: SyncResult) => status === "failed" || status === "refused" || failed > 0;
  return unreported > 0 || results.some(isBad);
}

/** One line about the whole run. */
export function describeRun({ results, unreported }: Omit<PartitionRun, "run">): string {
  const line = describeResults(results);
  if (unreported === 0) return line;
  return `${line}; ${unreported} without a result, because the function was stopped: ./strata logs partitions-sync`;
}

/** One line: how many tables, and what happened to their partitions. */
function describeResults(results: readonly SyncResult[]): string {
  const sum = (count: "created" | "existed" | "updated" | "deleted" | "failed") =>
    results.reduce((total, result) => total + result[count], 0);
  const withStatus = (status: SyncResult["status"]) =>
    results.filter((result) => result.status === status).length;
  const unlessZero = (count: number, what: string) => (count > 0 ? [`${count} ${what}`] : []);
  const wouldBe = results.some(({ dryRun }) => dryRun) ? "would be " : "";
  return [
    `${results.length} ${results.length === 1 ? "table" : "tables"}`,
    ...unlessZero(withStatus("skipped"), "skipped"),
    ...unlessZero(withStatus("refused"), "refused"),
    ...unlessZero(withStatus("failed"), "failed"),
    `${sum("created")} ${sum("created") === 1 ? "partition" : "partitions"} ${wouldBe}created`,
    `${sum("existed")} existed`,
    ...unlessZero(sum("updated"), `${wouldBe}updated`),
    ...unlessZero(sum("deleted"), `${wouldBe}deleted`),
    ...unlessZero(sum("failed"), "partitions failed"),
  ].join(", ");
}

function nameOf({ database, table }: SyncResult): string {
  return `${database}.${table}`;
}
