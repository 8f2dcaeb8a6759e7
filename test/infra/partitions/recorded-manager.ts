import { PartitionManager, type PartitionManagerArgs } from "../../../infra/partitions/partition-manager";
import { recordComponent, testShared } from "../recorded-component";
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
