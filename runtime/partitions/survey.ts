import picomatch from "picomatch";
import {
  PARAMETER_PREFIX,
  type SurveyAnswer,
  type SurveyPayload,
  surveyPayloadSchema,
  type SyncRequest,
  PARTITION_RUNS,
} from "../contracts/partitions";
import { runIdOf } from "../contracts/run-id";
import { describeIssues, UserError } from "../shared/errors";
import type { Log } from "../shared/log";
import type { DataCatalog } from "./glue/data-catalog";
import { asGlueError, explain, reading } from "./glue/glue-errors";
import type { SyncResult } from "./table/entities";
import type { PartitionStore, TableName } from "./table/partition-store";
import { isOptedOut } from "./table/table-settings";
import { ALL_TABLES, NO_CHANGES } from "./table/table-state";

/** Globs of the databases to look after, and of those to leave alone. */
interface DatabaseGlobs {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface SurveyPorts {
  readonly catalog: DataCatalog;
  /** The bucket that `writeJson` writes to. */
  readonly bucket: string;
  readonly writeJson: (key: string, value: unknown) => Promise<void>;
  readonly store: Pick<PartitionStore, "states" | "deleteStates" | "putResult">;
  /** Publishes the metrics of a result. */
  readonly measure: (result: SyncResult) => void;
  readonly log: Log;
}

/**
 * Reads the survey's payload. Its `input` is the input with which a user started the execution.
 * @throws UserError naming what is wrong with the input.
 */
export function readSurvey(payload: unknown): SurveyPayload {
  const parsed = surveyPayloadSchema.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new UserError(`The run's input is wrong: ${describeIssues(parsed.error)}`, { cause: parsed.error });
}

/**
 * Lists the tables that a run should sync, and writes their names to S3, where the state machine reads them.
 * @throws UserError when the run asks for a database or a table that does not exist.
 */
export async function surveyTables(
  { execution, input }: SurveyPayload,
  globs: DatabaseGlobs,
  ports: SurveyPorts,
): Promise<SurveyAnswer> {
  const { catalog, bucket, writeJson, store, log } = ports;
  const runId = runIdOf(execution);
  const { from, to, full, dryRun } = input;
  const databases = await chooseDatabases(catalog, globs, input.database);
  const isWanted = input.table === undefined ? () => true : picomatch(input.table);
  const tables: SyncRequest[] = [];
  let unreadable = 0;
  for (const database of databases) {
    try {
      for await (const { name, parameters } of catalog.tables(database)) {
        if (!isWanted(name) || isOptedOut(parameters)) continue;
        tables.push({ runId, database, table: name, from, to, full, dryRun });
      }
    } catch (error) {
      // The other databases are synced even if one belongs to somebody else or was just deleted.
      unreadable++;
      await reportDatabase({ runId, database, dryRun: dryRun === true }, error, ports);
    }
  }
  if (input.table !== undefined && tables.length === 0 && unreadable === 0) {
    throw noSuchTable(input.table, databases);
  }
  const key = `${PARTITION_RUNS}${runId}/tables.json`;
  await writeJson(key, tables);
  if (input.table === undefined && input.database === undefined && unreadable === 0) {
    await forgetOtherTables(store, tables);
  }
  log.info("tables surveyed", { runId, databases: databases.length, tables: tables.length, unreadable });
  return { runId, bucket, key, tables: tables.length };
}

async function chooseDatabases(
  catalog: DataCatalog,
  { include, exclude }: DatabaseGlobs,
  wanted: string | undefined,
): Promise<readonly string[]> {
  const isIncluded = picomatch([...include], { ignore: [...exclude] });
  const isWanted = wanted === undefined ? () => true : picomatch(wanted);
  const matching: string[] = [];
  await reading("Reading the databases", catalog.id, async () => {
    for await (const name of catalog.databases()) if (isWanted(name)) matching.push(name);
  });
  const chosen = matching.filter((name) => isIncluded(name));
  if (wanted === undefined || chosen.length > 0) return chosen;
  const [excluded] = matching;
  throw new UserError(
    excluded === undefined
      ? `There is no database ${wanted} in the catalog.`
      : `The database ${excluded} is not one that Strata looks after (${include.join(", ")}, without ` +
          `${exclude.join(", ") || "any excluded"}). Change strata:partitionDatabases or strata:partitionExcludedDatabases and deploy.`,
  );
}

function noSuchTable(table: string, databases: readonly string[]): UserError {
  return new UserError(
    `There is no table ${table} in ${databases.join(", ") || "any database that Strata looks after"}, or it opted out by ` +
      `${PARAMETER_PREFIX}enabled = false.`,
  );
}

/** A database that may not be read gets a result in the run, as a table with the name `*`. */
async function reportDatabase(
  names: Pick<SyncResult, "runId" | "database" | "dryRun">,
  error: unknown,
  { catalog, store, measure, log }: SurveyPorts,
): Promise<void> {
  const reason = `Reading the tables of ${names.database}: ${explain(asGlueError(error), catalog.id)}`;
  const result: SyncResult = {
    ...names,
    ...NO_CHANGES,
    table: ALL_TABLES,
    status: "failed",
    failed: 1,
    reason,
    seconds: 0,
    calls: 0,
  };
  await store.putResult(result);
  measure(result);
  log.error("database not readable", { database: names.database, reason });
}

/** Deletes the states of tables that no longer exist or have opted out, or these tables would count as stale forever. */
async function forgetOtherTables(
  store: Pick<PartitionStore, "states" | "deleteStates">,
  tables: readonly SyncRequest[],
): Promise<void> {
  const idOf = ({ database, table }: TableName) => `${database}/${table}`;
  const surveyed = new Set(tables.map(idOf));
  await store.deleteStates((await store.states()).filter((state) => !surveyed.has(idOf(state))));
}
