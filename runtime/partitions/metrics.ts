import { MetricUnit, Metrics } from "@aws-lambda-powertools/metrics";
import type { SummaryAnswer, SyncResult } from "../contracts/partitions";

/**
 * Metrics of the partition manager, which CloudWatch reads from the log: namespace `Strata`, dimensions `service=partitions` and
 * `stage`, since several stages may live in one account.
 */
function openMetrics(stage: string): Metrics {
  return new Metrics({
    namespace: "Strata",
    serviceName: "partitions",
    defaultDimensions: { stage },
  });
}

/** Tells the metrics of one table's result; table and run stand beside them in the log, not as dimensions, which cost. */
export function measureResult(stage: string, result: SyncResult): void {
  // A dry run changes nothing, so nothing happened.
  if (result.dryRun) return;
  const metrics = openMetrics(stage);
  const { created, existed, updated, deleted, failed, seconds, calls } = result;
  metrics.addMetadata("table", `${result.database}.${result.table}`);
  metrics.addMetadata("runId", result.runId);
  metrics.addMetric("PartitionsCreated", MetricUnit.Count, created);
  metrics.addMetric("PartitionsExisted", MetricUnit.Count, existed);
  metrics.addMetric("PartitionsUpdated", MetricUnit.Count, updated);
  metrics.addMetric("PartitionsDeleted", MetricUnit.Count, deleted);
  metrics.addMetric("PartitionsFailed", MetricUnit.Count, failed);
  metrics.addMetric("SyncSeconds", MetricUnit.Seconds, seconds);
  metrics.addMetric("SyncCalls", MetricUnit.Count, calls);
  metrics.publishStoredMetrics();
}

/** Tells the metrics of a run. Tables whose sync died told none of their own, so they count as failed here. */
export function measureRun(stage: string, summary: SummaryAnswer): void {
  const { runId, synced, skipped, refused, failed, unreported, stale } = summary;
  const metrics = openMetrics(stage);
  metrics.addMetadata("runId", runId);
  metrics.addMetric("TablesSynced", MetricUnit.Count, synced);
  metrics.addMetric("TablesSkipped", MetricUnit.Count, skipped);
  metrics.addMetric("TablesRefused", MetricUnit.Count, refused);
  metrics.addMetric("TablesFailed", MetricUnit.Count, failed + unreported);
  metrics.addMetric("PartitionsFailed", MetricUnit.Count, unreported);
  metrics.addMetric("StaleTables", MetricUnit.Count, stale);
  metrics.publishStoredMetrics();
}
