import { PartitionManager, type PartitionManagerArgs } from "../../../infra/partitions/partition-manager";
import { recordComponent, testFoundation } from "../recorded-component";
import type { RecordedResource } from "../recorded-resources";

/** Builds the component alone, as a stage without schedules would. */
export function recordPartitionManager(
  changes: Partial<PartitionManagerArgs> = {},
): Promise<RecordedResource[]> {
  return recordComponent(
    () =>
      new PartitionManager("p", {
        ...testFoundation(),
        stage: "test",
        databases: ["*_raw"],
        excludedDatabases: [],
        buckets: ["lake"],
        catalogId: "",
        region: "us-east-1",
        concurrency: 10,
        lookBackDays: 3,
        lookAheadDays: 0,
        freshnessHours: 48,
        followsEvents: false,
        ...changes,
      }),
  );
}
