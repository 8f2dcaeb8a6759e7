import { expect } from "chai";
import { measureResult, measureRun } from "../../../runtime/partitions/metrics";
import type { SyncResult } from "../../../runtime/partitions/table/entities";
import { NO_CHANGES } from "../../../runtime/partitions/table/table-state";

const RESULT: SyncResult = {
  ...NO_CHANGES,
  ...{ database: "raw", table: "events", runId: "run", status: "failed", dryRun: false },
  ...{ created: 5, failed: 2, seconds: 1.5, calls: 9 },
};

/** Lets the metrics go to `console.log`, which a test can listen to. */
const LISTENING = { POWERTOOLS_DEV: "true", POWERTOOLS_METRICS_DISABLED: "false" };

/** What is printed while `work` runs, each line read as JSON. */
function printed(work: () => void): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const saved = { ...process.env };
  const log = console.log;
  Object.assign(process.env, LISTENING);
  console.log = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
  try {
    work();
  } finally {
    console.log = log;
    for (const name of Object.keys(LISTENING)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  }
  return lines;
}

describe("partition metrics", () => {
  it("tells a result in the format that CloudWatch takes out of logs", () => {
    const [line] = printed(() => measureResult("dev", RESULT));
    expect(line).to.include({ PartitionsCreated: 5, PartitionsFailed: 2, SyncSeconds: 1.5, SyncCalls: 9 });
    expect(line).to.include({ PartitionsUpdated: 0, PartitionsDeleted: 0, PartitionsExisted: 0 });
    expect(line).to.include({ service: "partitions", stage: "dev", table: "raw.events", runId: "run" });
    const { CloudWatchMetrics: metrics } = line?.["_aws"] as { CloudWatchMetrics: object[] };
    expect(metrics[0]).to.deep.include({ Namespace: "Strata", Dimensions: [["service", "stage"]] });
  });

  it("tells nothing of a dry run", () => {
    expect(printed(() => measureResult("dev", { ...RESULT, dryRun: true }))).to.deep.equal([]);
  });

  it("tells a run's tables, and counts those whose sync died as failed", () => {
    const statuses = { synced: 4, skipped: 3, refused: 2, failed: 1 };
    const run = { runId: "run", tables: 12, ...statuses, unreported: 2, stale: 5 };
    const [line] = printed(() => measureRun("dev", { ...run, partitions: { ...NO_CHANGES, calls: 0 } }));
    expect(line).to.include({ TablesSynced: 4, TablesSkipped: 3, TablesRefused: 2, TablesFailed: 3 });
    expect(line).to.include({ PartitionsFailed: 2, StaleTables: 5, service: "partitions", stage: "dev" });
  });
});
