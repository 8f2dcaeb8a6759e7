import picomatch from "picomatch";
import { z } from "zod";
import { runIdOf } from "../contracts/run-id";
import { UserError } from "../shared/errors";
import { describeIssues } from "../shared/entry";
import type { Log } from "../shared/log";
import type { Catalog } from "./glue/catalog";
import {
  EVERY_TABLE,
  NOTHING,
  type SurveyAnswer,
  type SyncRequest,
  type SyncResult,
} from "../contracts/partitions";
import { asGlueError, explain, reading } from "./glue/glue-errors";
import type { Records } from "./table/partition-store";
import { isOptedOut } from "./table/table-settings";
import { checkOptions } from "./layout/window";

const inputSchema = z.strictObject({
  reason: z.string().max(500).default("hand"),
  database: z.string().min(1).optional(),
  table: z.string().min(1).optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  full: z.boolean().optional(),
  dryRun: z.boolean().optional(),
});

/** Payload of the survey; `execution` is the execution's name or ARN. */
const surveySchema = z.object({
  execution: z.string().min(1),
  input: z.preprocess((input) => input ?? {}, inputSchema),
});
export type SurveyPayload = z.infer<typeof surveySchema>;

/** Globs of the databases that are looked after, and of those that are not. */
export interface DatabaseGlobs {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface SurveyPorts {
  readonly catalog: Catalog;
  /** The bucket that `writeJson` writes into. */
  readonly bucket: string;
  readonly writeJson: (key: string, value: unknown) => Promise<void>;
  readonly records: Pick<Records, "states" | "remove" | "putResult">;
  /** Makes a result into metrics. */
  readonly measure: (result: SyncResult) => void;
  readonly log: Log;
}

/**
 * Reads the survey's payload. Its `input` is what a user started the execution with.
 * @throws UserError naming what is wrong with the input.
 */
export function readSurvey(payload: unknown): SurveyPayload {
  const parsed = surveySchema.safeParse(payload);
  if (!parsed.success) {
    throw new UserError(`The run's input is wrong: ${describeIssues(parsed.error)}.`, {
      cause: parsed.error,
    });
  }
  checkOptions(parsed.data.input);
  return parsed.data;
}

/**
 * Lists the tables that a run is to sync, and writes their names for the state machine to go over.
 * @throws UserError when the run names a database or a table that there is not.
 */
export async function surveyTables(
  { execution, input }: SurveyPayload,
  globs: DatabaseGlobs,
  ports: SurveyPorts,
): Promise<SurveyAnswer> {
  const { catalog, bucket, writeJson, records, log } = ports;
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
      // Somebody else's database, or one deleted just now, is no reason to leave the others alone.
      unreadable++;
      await reportDatabase({ runId, database, dryRun: input.dryRun === true }, error, ports);
    }
  }
  if (input.table !== undefined && tables.length === 0 && unreadable === 0) {
    throw noTable(input.table, databases);
  }
  const key = `runs/partitions/${runId}/tables.json`;
  await writeJson(key, tables);
  if (input.table === undefined && input.database === undefined && unreadable === 0) {
    await forgetOthers(records, tables);
  }
  log.info("tables surveyed", { runId, databases: databases.length, tables: tables.length, unreadable });
  return { runId, bucket, key, tables: tables.length };
}

async function chooseDatabases(
  catalog: Catalog,
  { include, exclude }: DatabaseGlobs,
  wanted: string | undefined,
): Promise<readonly string[]> {
  const isIncluded = picomatch([...include], { ignore: [...exclude] });
  const isWanted = wanted === undefined ? () => true : picomatch(wanted);
  const all: string[] = [];
  await reading("Reading the databases", catalog.id, async () => {
    for await (const name of catalog.databases()) if (isWanted(name)) all.push(name);
  });
  const chosen = all.filter((name) => isIncluded(name));
  if (wanted === undefined || chosen.length > 0) return chosen;
  const [left] = all;
  throw new UserError(
    left === undefined
      ? `There is no database ${wanted} in the catalog.`
      : `The database ${left} is not among those looked after (${include.join(", ")}, without ` +
          `${exclude.join(", ") || "any"} left out). Change strata:partitionDatabases or strata:partitionExcludedDatabases and deploy.`,
  );
}

function noTable(table: string, databases: readonly string[]): UserError {
  return new UserError(
    `There is no table ${table} in ${databases.join(", ") || "any database that is looked after"}, or it opted out by ` +
      "strata.partitions.enabled = false.",
  );
}

/** A database that may not be read stands in the run's results as a table of its own, named `*`. */
async function reportDatabase(
  names: Pick<SyncResult, "runId" | "database" | "dryRun">,
  error: unknown,
  { catalog, records, measure, log }: SurveyPorts,
): Promise<void> {
  const reason = `Reading the tables of ${names.database}: ${explain(asGlueError(error), catalog.id)}`;
  const result: SyncResult = {
    ...names,
    ...NOTHING,
    table: EVERY_TABLE,
    status: "failed",
    failed: 1,
    reason,
    seconds: 0,
    calls: 0,
  };
  await records.putResult(result);
  measure(result);
  log.error("database not readable", { database: names.database, reason });
}

/** Tables that are gone or opted out have no state any more, or they would count as stale for ever. */
async function forgetOthers(
  records: Pick<Records, "states" | "remove">,
  tables: readonly SyncRequest[],
): Promise<void> {
  const nameOf = ({ database, table }: Pick<SyncRequest, "database" | "table">) => `${database}/${table}`;
  const surveyed = new Set(tables.map(nameOf));
  await records.remove((await records.states()).filter((state) => !surveyed.has(nameOf(state))));
}
