import { PartitionManager, type PartitionManagerArgs } from "../../../infra/partitions/partition-manager";
import { recordComponent, testShared } from "../recorded-component";
import { pairsOf } from "../recorded-queries";
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

export const GLUE = "arn:aws:glue:us-east-1:123456789012";
/** What Glue checks for an action on the tables of the databases `*_raw`. */
export const RAW_TABLES = [`${GLUE}:catalog`, `${GLUE}:database/*_raw`, `${GLUE}:table/*_raw/*`];
export const SYNC_TABLES = pairsOf(
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
