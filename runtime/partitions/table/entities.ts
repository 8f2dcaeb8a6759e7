import { createSchema, Entity, type EntityItem } from "electrodb";
import { SYNC_STATUSES } from "../../contracts/partitions";
import { expires, lazily, type Table } from "../../shared/table/open-table";

/** Attributes of the result of one table in one run. Counts are of partitions. */
const resultAttributes = {
  database: { type: "string", required: true },
  table: { type: "string", required: true },
  runId: { type: "string", required: true },
  status: { type: SYNC_STATUSES, required: true },
  /** Why it was skipped, refused or failed, and what to do. */
  reason: { type: "string" },
  /** The layout of its folders, such as `{year}/{month}/{day}`. */
  layout: { type: "string" },
  /** The values of the newest partition, and the moment at which its time starts (ISO). Only if the keys contain a time. */
  newest: { type: "list", items: { type: "string" } },
  newestAt: { type: "string" },
  dryRun: { type: "boolean", required: true },
  created: { type: "number", required: true },
  existed: { type: "number", required: true },
  updated: { type: "number", required: true },
  deleted: { type: "number", required: true },
  failed: { type: "number", required: true },
  /** Folders and objects that are not partitions, such as `_temporary/`. */
  ignored: { type: "number", required: true },
  seconds: { type: "number", required: true },
  /** Requests to Glue and S3. */
  calls: { type: "number", required: true },
} as const;

/** The state of a Glue table: the result of its last run, and what else is known about it. */
const tableStateSchema = createSchema({
  model: { entity: "partitiontable", version: "1", service: "strata" },
  attributes: {
    ...resultAttributes,
    /** When it was last looked at (ISO). */
    at: { type: "string", required: true },
    /** Where its objects are. The bucket is empty until that is known. The prefix is empty or ends with `/`. */
    bucket: { type: "string", required: true },
    prefix: { type: "string", required: true },
    /** When the time of the newest partition ends. Without a partition: when the last window started (ISO). */
    newestUntil: { type: "string" },
    /** The table's own limit: hours after which it is stale. */
    freshnessHours: { type: "number" },
    /** What could be improved, such as partition projection. */
    advice: { type: "string" },
  },
  indexes: {
    byName: {
      pk: { field: "pk", composite: [], casing: "none" },
      sk: { field: "sk", composite: ["database", "table"], casing: "none" },
    },
    byBucket: {
      index: "gsi1",
      condition: ({ bucket }: { readonly bucket?: string }) => bucket !== "",
      pk: { field: "gsi1pk", composite: ["bucket"], casing: "none" },
      sk: { field: "gsi1sk", composite: ["prefix", "database", "table"], casing: "none" },
    },
  },
});

/** The result of one table in one run. */
const syncResultSchema = createSchema({
  model: { entity: "partitionrun", version: "1", service: "strata" },
  attributes: { ...resultAttributes, expires },
  indexes: {
    byRun: {
      pk: { field: "pk", composite: ["runId"], casing: "none" },
      sk: { field: "sk", composite: ["database", "table"], casing: "none" },
    },
  },
});

/** The entities of the partition manager in our table. */
export const partitionEntities = (table: Table) =>
  lazily({
    tableState: () => new Entity(tableStateSchema, table),
    syncResult: () => new Entity(syncResultSchema, table),
  });

type Entities = ReturnType<typeof partitionEntities>;

/** What is read from a row: nothing in it may be changed, and an optional attribute may be undefined. */
type ReadOnly<Row> = {
  readonly [Name in keyof Row]: Row[Name] extends string[] | undefined
    ? readonly string[] | undefined
    : Row[Name] | (undefined extends Row[Name] ? undefined : never);
};

/** The result of one table in one run. */
export type SyncResult = Omit<ReadOnly<EntityItem<Entities["syncResult"]>>, "expires">;

/** The state of a Glue table. Bucket and prefix are undefined until they are known. */
export type TableState = Omit<ReadOnly<EntityItem<Entities["tableState"]>>, "bucket" | "prefix"> & {
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
};
