import { createSchema, Entity } from "electrodb";
import { lazily, type Table } from "../../shared/table/open-table";
import { SYNC_STATUSES } from "../../contracts/partitions";
import { expires } from "../../shared/table/open-table";

/** What became of one table in one run, and where it stands, have these in common. */
const resultAttributes = {
  database: { type: "string", required: true },
  table: { type: "string", required: true },
  runId: { type: "string", required: true },
  status: { type: SYNC_STATUSES, required: true },
  reason: { type: "string" },
  layout: { type: "string" },
  newest: { type: "list", items: { type: "string" } },
  newestAt: { type: "string" },
  dryRun: { type: "boolean", required: true },
  created: { type: "number", required: true },
  existed: { type: "number", required: true },
  updated: { type: "number", required: true },
  deleted: { type: "number", required: true },
  failed: { type: "number", required: true },
  ignored: { type: "number", required: true },
  seconds: { type: "number", required: true },
  calls: { type: "number", required: true },
} as const;

/** Where a table of the catalog stands: the result of its last run, and what is known of it besides. */
const partitionTableSchema = createSchema({
  model: { entity: "partitiontable", version: "1", service: "strata" },
  attributes: {
    ...resultAttributes,
    /** When it was last looked at (ISO). */
    at: { type: "string", required: true },
    /** Where its objects lie; an empty bucket while that is not known. The prefix is empty or ends with `/`. */
    bucket: { type: "string", required: true },
    prefix: { type: "string", required: true },
    /** Where the time of the newest partition ends, or, if none was found, where the last window began (ISO). */
    newestUntil: { type: "string" },
    /** Hours of its own after which it is stale. */
    freshnessHours: { type: "number" },
    /** What could be done about it, such as partition projection. */
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

/** What became of one table in one run. */
const partitionRunSchema = createSchema({
  model: { entity: "partitionrun", version: "1", service: "strata" },
  attributes: { ...resultAttributes, expires },
  indexes: {
    byRun: {
      pk: { field: "pk", composite: ["runId"], casing: "none" },
      sk: { field: "sk", composite: ["database", "table"], casing: "none" },
    },
  },
});

/** The entities of partitions over the table. */
export const partitionEntities = (table: Table) =>
  lazily({
    partitionTable: () => new Entity(partitionTableSchema, table),
    partitionRun: () => new Entity(partitionRunSchema, table),
  });
