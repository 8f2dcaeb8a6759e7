import { MANUAL, type SurveyRequest, surveyRequestSchema } from "../../runtime/contracts/partitions";
import { openPartitionStore } from "../../runtime/partitions/table/partition-store";
import { describeIssues } from "../../runtime/shared/errors";
import type { StageOption } from "../cli/options";
import { Steps, TaskError } from "../cli/output";
import { connect } from "../platform/connection";
import { adviseTables, renderAdvice } from "./advice";
import { renderResults, renderStatus, statusOf } from "./results-table";
import { describeRun, followSync, needsAttention, startSync } from "./runs";

interface NameOptions {
  readonly database?: string;
  readonly table?: string;
}

interface SyncTaskOptions extends StageOption, NameOptions {
  readonly from?: string;
  readonly to?: string;
  readonly full?: boolean;
  readonly dryRun?: boolean;
}

/** `partitions sync`: starts a run, follows it, and shows the result of each table. */
export async function sync({ stage, json, ...options }: SyncTaskOptions): Promise<void> {
  const request = readRequest(options);
  const connection = await connect(stage);
  const { say } = new Steps();
  const run = await followSync(connection, await startSync(connection, request), say);
  if (json === true) {
    console.log(JSON.stringify(run, undefined, 2));
  } else {
    console.log(renderResults(run.results));
    console.log(describeRun(run));
  }
  if (needsAttention(run)) process.exitCode = 1;
}

/** @throws TaskError naming the option that is wrong. */
function readRequest(options: object): SurveyRequest {
  const parsed = surveyRequestSchema.safeParse({ reason: MANUAL, ...options });
  if (!parsed.success) throw new TaskError(describeIssues(parsed.error));
  return parsed.data;
}

/** `partitions status`: shows how fresh each table is. */
export async function status({ stage, json }: StageOption): Promise<void> {
  const connection = await connect(stage);
  const now = new Date();
  const states = await openPartitionStore(connection.table(), () => now).states();
  const rows = states.map((state) => statusOf(state, connection.outputs.partitions.freshnessHours, now));
  if (json === true) console.log(JSON.stringify(rows, undefined, 2));
  else if (rows.length === 0) console.log("No table has been synced yet. Run ./strata partitions sync.");
  else console.log(renderStatus(rows));
}

/** `partitions advice`: shows which tables could use partition projection, and with `--apply` switches it on. */
export async function advice({
  stage,
  json,
  apply = false,
  ...names
}: StageOption & NameOptions & { readonly apply?: boolean }): Promise<void> {
  if (names.table !== undefined && names.database === undefined) {
    throw new TaskError("--table needs --database, because two databases may have a table with that name");
  }
  if (apply && names.table === undefined) {
    throw new TaskError(
      "--apply needs --database and --table: read the advice for each table before you apply it",
    );
  }
  const tables = await adviseTables(await connect(stage), names, apply);
  console.log(json === true ? JSON.stringify(tables, undefined, 2) : renderAdvice(tables));
  if (apply && tables.some(({ applied }) => !applied)) process.exitCode = 1;
}
