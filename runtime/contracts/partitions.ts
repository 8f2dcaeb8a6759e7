/** What the survey, the state machine and the sync of one table tell each other. Dates are ISO: `2026-11-21`. */
import { z } from "zod";
import { json, text, variables } from "./environment";

/** What a run is asked to do: the state machine's input. Absent means: everything, with each table's own settings. */
export interface SyncOptions {
  /** First and last day to look at, instead of the look-back. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Look at everything there is, whatever the window. */
  readonly full?: boolean | undefined;
  /** Decide but write nothing to Glue. */
  readonly dryRun?: boolean | undefined;
}

export interface SurveyRequest extends SyncOptions {
  /** Why the run was started: `schedule`, `hand`, `start`. */
  readonly reason: string;
  /** Only this database, or databases that fit this glob. */
  readonly database?: string;
  /** Only this table, or tables that fit this glob. */
  readonly table?: string;
}

/** Payload of the survey: `execution` is the execution's name or ARN, `input` what a user started it with. */
export interface SurveyPayload {
  readonly execution: string;
  readonly input: unknown;
}

/** Where the survey wrote its list of tables: a JSON array of `SyncRequest`, read by a distributed Map. */
export interface SurveyAnswer {
  readonly runId: string;
  readonly bucket: string;
  readonly key: string;
  readonly tables: number;
}

/** One table to sync: names only, never the table. */
export interface SyncRequest extends SyncOptions {
  readonly runId: string;
  readonly database: string;
  readonly table: string;
}

/** What became of a table. */
export const SYNC_STATUSES = ["synced", "skipped", "refused", "failed"] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];

/** Counts are of partitions; `calls` are requests to Glue and S3. */
export interface SyncCounts {
  readonly created: number;
  readonly existed: number;
  readonly updated: number;
  readonly deleted: number;
  readonly failed: number;
  /** Folders and objects that are no partitions, such as `_temporary/`. */
  readonly ignored: number;
  readonly seconds: number;
  readonly calls: number;
}

/** The counts of a table that nothing was done for. */
export const NOTHING = { created: 0, existed: 0, updated: 0, deleted: 0, failed: 0, ignored: 0 } as const;

/** Stands for a table's name in the result of a database that could not be read. */
export const EVERY_TABLE = "*";

/** The whole result, kept in the table and printed. */
export interface SyncResult extends SyncCounts {
  readonly database: string;
  readonly table: string;
  readonly runId: string;
  readonly status: SyncStatus;
  /** Why it was skipped, refused or failed, and what to do. */
  readonly reason?: string | undefined;
  /** The layout it was read by, such as `{year}/{month}/{day}`. */
  readonly layout?: string | undefined;
  /** Values of the newest partition, and the moment that it stands for where its keys tell time (ISO). */
  readonly newest?: readonly string[] | undefined;
  readonly newestAt?: string | undefined;
  readonly dryRun: boolean;
}

/** Payload of the summary; `tables` is how many the survey named. */
export interface SummaryRequest {
  readonly runId: string;
  readonly tables?: number | undefined;
}

/** What a child of the Map ends with: small, since 256 KiB hold the answers of all of them. */
export interface SyncAnswer {
  readonly status: SyncStatus;
  readonly failed: number;
}

/** A run in numbers: of tables by status, and of partitions. */
export interface SummaryAnswer extends Record<SyncStatus, number> {
  readonly runId: string;
  readonly tables: number;
  /** Tables that the survey named and no sync reported on: their function died. */
  readonly unreported: number;
  /** Tables, of all that are known, whose newest partition is too old. */
  readonly stale: number;
  readonly partitions: Omit<SyncCounts, "seconds">;
}

/** The reason that the schedule gives in a run's input. */
export const SCHEDULED = "schedule";

const { TABLE_NAME, STAGE, ARTIFACTS_BUCKET } = variables;
/** Account whose Glue catalog it is; empty for our own. */
const GLUE_CATALOG_ID = z.string().regex(/^(\d{12})?$/, "must be an account of 12 digits, or empty");
/** Days before and after today that a table keyed by time is looked at. */
const DAYS = z.coerce.number().int().min(0);

// What each function reads from its environment.

export const surveyEnvironment = z.object({
  ...{ TABLE_NAME, STAGE, ARTIFACTS_BUCKET, GLUE_CATALOG_ID },
  /** JSON: globs of the names of databases that are looked after, and of those that are not. */
  DATABASES: json(z.object({ include: z.array(text).min(1), exclude: z.array(text) })),
});
export const syncEnvironment = z.object({
  ...{ TABLE_NAME, STAGE, GLUE_CATALOG_ID },
  LOOK_BACK_DAYS: DAYS,
  LOOK_AHEAD_DAYS: DAYS,
});
export const summarizeEnvironment = z.object({
  ...{ TABLE_NAME, STAGE },
  /** Hours after which a table's newest partition is stale. */
  FRESHNESS_HOURS: z.coerce.number().int().positive(),
});
export const objectEventsEnvironment = z.object({ TABLE_NAME, STAGE, GLUE_CATALOG_ID });
export const adviseEnvironment = z.object({ GLUE_CATALOG_ID });
