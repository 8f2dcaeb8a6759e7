import { PartitionManager, type PartitionManagerArgs } from "../../../infra/partitions/partition-manager";
import { recordComponent, testShared } from "../recorded-component";
import { functionMay, type Statement } from "../recorded-queries";
import type { RecordedResource } from "../recorded-resources";

/** Builds the component alone, as a stage without schedules would. */
export function recordPartitionManager(
  changes: Partial<PartitionManagerArgs> = {},
): Promise<RecordedResource[]> {
  return recordComponent(
    () =>
      new PartitionManager("p", {
        ...testShared(),
        partitionDatabases: ["*_raw"],
        partitionExcludedDatabases: [],
        partitionBuckets: ["lake"],
        partitionGlueCatalogId: "",
        partitionSchedule: "rate(1 hour)",
        partitionConcurrency: 10,
        partitionLookBackDays: 3,
        partitionLookAheadDays: 0,
        partitionFreshnessHours: 48,
        partitionEvents: false,
        ...changes,
      }),
  );
}

/** All that a function may do, as `action resource`, sorted. Logs and tracing are left out. */
export function grantsOf(resources: readonly RecordedResource[], name: string): string[] {
  const own = (statement: Statement) => !statement.actions.some((action) => /^(logs|xray):/.test(action));
  return functionMay(resources, name)
    .filter(own)
    .flatMap(({ actions, resources: on }) => actions.flatMap((action) => on.map((one) => `${action} ${one}`)))
    .sort();
}

export const GLUE = "arn:aws:glue:us-east-1:123456789012";
/** What Glue checks for an action on the tables of the databases `*_raw`. */
export const RAW_TABLES = [`${GLUE}:catalog`, `${GLUE}:database/*_raw`, `${GLUE}:table/*_raw/*`];
const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/strata-table";

/** Each of the actions on each of the resources, as `action resource`. */
export const grant = (actions: readonly string[], on: readonly string[]): string[] =>
  actions.flatMap((action) => on.map((one) => `${action} ${one}`));
export const READ_ROWS = grant(
  ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
  [TABLE, `${TABLE}/index/*`],
);
export const WRITE_ROWS = grant(
  ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"].map(
    (it) => `dynamodb:${it}`,
  ),
  [TABLE],
);
export const SYNC_TABLES = grant(
  [
    "glue:GetTable",
    "glue:GetPartitions",
    "glue:BatchGetPartition",
    "glue:BatchCreatePartition",
    "glue:BatchUpdatePartition",
    "glue:BatchDeletePartition",
    "glue:GetPartitionIndexes",
    "glue:CreatePartitionIndex",
  ],
  RAW_TABLES,
);
