import { MANUAL, type SurveyRequest, surveyRequestSchema } from "../../runtime/contracts/partitions";
import { openPartitionStore } from "../../runtime/partitions/table/partition-store";
import { describeIssues } from "../../runtime/shared/entry";
import { connect } from "../platform/connection";
import { adviseTables, renderAdvice } from "./advice";
import { describeRun, followSync, needsAttention, startSync } from "./runs";
import { renderResults, renderStatus, statusOf } from "./results-table";
import type { StageOption } from "../cli/options";
import { Steps, TaskError } from "../cli/output";

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

/** `partitions sync`: registers what is missing. */
export async function sync({ stage, json, ...asked }: SyncTaskOptions): Promise<void> {
  const request = readRequest(asked);
  const connection = await connect(stage);
  const { say } = new Steps();
  const done = await followSync(connection, await startSync(connection, request), say);
  if (json === true) {
    console.log(JSON.stringify(done, undefined, 2));
  } else {
    console.log(renderResults(done.results));
    console.log(describeRun(done));
  }
  if (needsAttention(done)) process.exitCode = 1;
}

/** @throws TaskError naming the option that is wrong. */
function readRequest(options: object): SurveyRequest {
  const parsed = surveyRequestSchema.safeParse({ reason: MANUAL, ...options });
  if (!parsed.success) throw new TaskError(describeIssues(parsed.error));
  return parsed.data;
}

/** `partitions status`: how fresh each table is. */
export async function status({ stage, json }: StageOption): Promise<void> {
  const connection = await connect(stage);
  const now = new Date();
  const states = await openPartitionStore(connection.table(), () => now).states();
  const rows = states.map((state) => statusOf(state, connection.outputs.partitions.freshnessHours, now));
  if (json === true) console.log(JSON.stringify(rows, undefined, 2));
  else if (rows.length === 0) console.log("no table was looked at yet; ./strata partitions sync does it");
  else console.log(renderStatus(rows));
}

/** `partitions advice`: which tables could use partition projection. */
export async function advice({
  stage,
  json,
  apply = false,
  ...names
}: StageOption & NameOptions & { readonly apply?: boolean }): Promise<void> {
  if (names.table !== undefined && names.database === undefined) {
    throw new TaskError("--table needs --database, since two databases may have a table of that name");
  }
  if (apply && names.table === undefined) {
    throw new TaskError(
      "--apply needs --database and --table: each table's advice is to be read before it is followed",
    );
  }
  const given = await adviseTables(await connect(stage), names, apply);
  console.log(json === true ? JSON.stringify(given, undefined, 2) : renderAdvice(given));
  if (apply && given.some(({ applied }) => !applied)) process.exitCode = 1;
}
