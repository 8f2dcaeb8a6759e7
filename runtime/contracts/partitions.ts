import { z } from "zod";
import { json, text, variables } from "./environment";

/** What the partition manager's functions, its state machine and the command line agree on. Days are ISO: `2026-11-21`. */

/** The names of the Glue table parameters that Strata reads start with this, such as `strata.partitions.layout`. */
export const PARAMETER_PREFIX = "strata.partitions.";

/** Why a run was started: by the schedule, with `./strata partitions sync`, or by `./strata start`. */
export const SCHEDULED = "schedule";
export const MANUAL = "manual";
export const STARTED = "start";

const name = z.string().min(1);
const day = z.iso.date({
  error: ({ input }) => `"${String(input)}" is not a day. Write it as 2026-11-21.`,
});

/** What a run looks at. Without any of these: the look-back and look-ahead of each table. */
const options = z.object({
  /** The first day, and the last day, which is included. */
  from: day.optional(),
  to: day.optional(),
  /** Look at everything, whatever its time. */
  full: z.boolean().optional(),
  /** Decide what to do, but write nothing to Glue. */
  dryRun: z.boolean().optional(),
});
export type SyncOptions = z.infer<typeof options>;

/** Finds options that contradict each other. */
function checkOptions({ from, to, full }: SyncOptions, context: z.RefinementCtx): void {
  if (from !== undefined && to !== undefined && from > to) {
    const message = `${from} is after to (${to}). Exchange them.`;
    context.addIssue({ code: "custom", path: ["from"], message });
  }
  if (full === true && (from !== undefined || to !== undefined)) {
    const message = "Ask either for everything (full) or for days (from, to), not for both.";
    context.addIssue({ code: "custom", path: ["full"], message });
  }
}

/** The input of the state machine: what a user or the schedule asks for. */
export const surveyRequestSchema = z
  .strictObject({
    /** Why the run was started. */
    reason: z.string().max(500).default(MANUAL),
    /** Only this database, or the databases that match this glob. @default all */
    database: name.optional(),
    /** Only this table, or the tables that match this glob. @default all */
    table: name.optional(),
    ...options.shape,
  })
  .superRefine(checkOptions);
export type SurveyRequest = z.infer<typeof surveyRequestSchema>;

/** The payload of the survey. `execution` is the execution's name or ARN. */
export const surveyPayloadSchema = z.object({
  execution: name,
  input: z.preprocess((input) => input ?? {}, surveyRequestSchema),
});
export type SurveyPayload = z.infer<typeof surveyPayloadSchema>;

/** The answer of the survey: where its list of tables is, a JSON array of `SyncRequest`. A distributed Map reads it. */
export interface SurveyAnswer {
  readonly runId: string;
  readonly bucket: string;
  readonly key: string;
  /** How many tables the list has. */
  readonly tables: number;
}

/** The payload of the sync: one table. It has names only; the sync reads the table itself. */
export const syncRequestSchema = z
  .object({ runId: name, database: name, table: name, ...options.shape })
  .superRefine(checkOptions);
export type SyncRequest = z.infer<typeof syncRequestSchema>;

/** What happened to a table in a run. */
export const SYNC_STATUSES = ["synced", "skipped", "refused", "failed"] as const;
type SyncStatus = (typeof SYNC_STATUSES)[number];

/** The answer of the sync. It is small because the answers of all tables together must fit in 256 KiB. */
export interface SyncAnswer {
  readonly status: SyncStatus;
  /** Partitions that failed. */
  readonly failed: number;
}

/** The payload of the summary. `tables` is how many tables the survey listed. */
export const summaryRequestSchema = z.object({ runId: name, tables: z.number().int().optional() });
export type SummaryRequest = z.infer<typeof summaryRequestSchema>;

/** The answer of the summary: a run in numbers. Each status has the number of its tables. */
export interface SummaryAnswer extends Record<SyncStatus, number> {
  readonly runId: string;
  readonly tables: number;
  /** Tables in the survey's list that have no result, because their function was stopped. */
  readonly unreported: number;
  /** All known tables whose newest partition is too old. */
  readonly stale: number;
  /** Sums over all tables. `calls` are requests to Glue and S3. */
  readonly partitions: Readonly<
    Record<"created" | "existed" | "updated" | "deleted" | "failed" | "ignored" | "calls", number>
  >;
}

/**
 * The output of the state machine, as far as others read it: the summary, or why the survey refused the request. The reason is
 * the survey's error as Lambda reports it.
 */
export const runOutputSchema = z.union([
  z.object({ unreported: z.number() }),
  z.object({ refused: z.object({ errorMessage: z.string() }) }),
]);

/** The payload of the advice. */
export const adviceRequestSchema = z.strictObject({
  database: name,
  table: name,
  /** Whether to set the properties on the table. */
  apply: z.boolean().default(false),
});
export type AdviceRequest = z.infer<typeof adviceRequestSchema>;

/** The answer of the advice: whether a table could use partition projection, and the table properties that switch it on. */
export const adviceAnswerSchema = z
  .object({
    eligible: z.boolean(),
    /** Why the table cannot use it. */
    reason: z.string().optional(),
    properties: z.record(z.string(), z.string()),
    applied: z.boolean(),
    /** What to know before setting the properties, one sentence each. */
    notes: z.array(z.string()).readonly(),
  })
  .readonly();
export type AdviceAnswer = z.infer<typeof adviceAnswerSchema>;

const { TABLE_NAME, STAGE, ARTIFACTS_BUCKET } = variables;
/** The account that owns the Glue catalog; empty for our own account. */
const GLUE_CATALOG_ID = z.string().regex(/^(\d{12})?$/, "must be an account of 12 digits, or empty");
const DAYS = z.coerce.number().int().min(0);

// The environment variables of each function.

export const surveyEnvironment = z.object({
  ...{ TABLE_NAME, STAGE, ARTIFACTS_BUCKET, GLUE_CATALOG_ID },
  /** JSON: globs of the databases to look after, and of those to leave alone. */
  DATABASES: json(z.object({ include: z.array(text).min(1), exclude: z.array(text) })),
});
export const syncEnvironment = z.object({
  ...{ TABLE_NAME, STAGE, GLUE_CATALOG_ID },
  /** Days before and after today that a run looks at, if neither the run nor the table says otherwise. */
  LOOK_BACK_DAYS: DAYS,
  LOOK_AHEAD_DAYS: DAYS,
});
export const summarizeEnvironment = z.object({
  ...{ TABLE_NAME, STAGE },
  /** A table is stale if its newest partition is older than this number of hours. */
  FRESHNESS_HOURS: z.coerce.number().int().positive(),
});
export const objectEventsEnvironment = z.object({ TABLE_NAME, STAGE, GLUE_CATALOG_ID });
export const adviseEnvironment = z.object({ GLUE_CATALOG_ID });

/** Where the runs' files are in the artifacts bucket. */
export const PARTITION_RUNS = "runs/partitions/";

/** The metrics that alarms watch, as CloudWatch knows them: their namespace, the dimension `service`, and their names. */
export const METRICS = {
  namespace: "Strata",
  service: "partitions",
  failedPartitions: "PartitionsFailed",
  failedTables: "TablesFailed",
  staleTables: "StaleTables",
} as const;
