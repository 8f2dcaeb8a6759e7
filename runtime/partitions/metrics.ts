import { MetricUnit, Metrics } from "@aws-lambda-powertools/metrics";
import { METRICS, type SummaryAnswer } from "../contracts/partitions";
import type { SyncResult } from "./table/entities";

/**
 * The metrics of the partition manager. CloudWatch reads them from the log. Their namespace is `Strata` and their dimensions are
 * `service=partitions` and `stage`, because one account may have several stages.
 */
function openMetrics(stage: string): Metrics {
  return new Metrics({
    namespace: METRICS.namespace,
    serviceName: METRICS.service,
    defaultDimensions: { stage },
  });
}

/** Publishes the metrics of one table's result. Table and run are metadata in the log, because each dimension costs money. */
export function measureResult(stage: string, result: SyncResult): void {
  // A dry run changes nothing, so it is not measured.
  if (result.dryRun) return;
  const metrics = openMetrics(stage);
  const { created, existed, updated, deleted, failed, seconds, calls } = result;
  metrics.addMetadata("table", `${result.database}.${result.table}`);
  metrics.addMetadata("runId", result.runId);
  metrics.addMetric("PartitionsCreated", MetricUnit.Count, created);
  metrics.addMetric("PartitionsExisted", MetricUnit.Count, existed);
  metrics.addMetric("PartitionsUpdated", MetricUnit.Count, updated);
  metrics.addMetric("PartitionsDeleted", MetricUnit.Count, deleted);
  metrics.addMetric(METRICS.failedPartitions, MetricUnit.Count, failed);
  metrics.addMetric("SyncSeconds", MetricUnit.Seconds, seconds);
  metrics.addMetric("SyncCalls", MetricUnit.Count, calls);
  metrics.publishStoredMetrics();
}

/** Publishes the metrics of a run. A table whose function was stopped published none itself, so it counts as failed here. */
export function measureRun(stage: string, summary: SummaryAnswer): void {
  const { runId, synced, skipped, refused, failed, unreported, stale } = summary;
  const metrics = openMetrics(stage);
  metrics.addMetadata("runId", runId);
  metrics.addMetric("TablesSynced", MetricUnit.Count, synced);
  metrics.addMetric("TablesSkipped", MetricUnit.Count, skipped);
  metrics.addMetric("TablesRefused", MetricUnit.Count, refused);
  metrics.addMetric(METRICS.failedTables, MetricUnit.Count, failed + unreported);
  metrics.addMetric(METRICS.failedPartitions, MetricUnit.Count, unreported);
  metrics.addMetric(METRICS.staleTables, MetricUnit.Count, stale);
  metrics.publishStoredMetrics();
}
