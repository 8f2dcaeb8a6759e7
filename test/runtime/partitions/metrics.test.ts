import { expect } from "chai";
import { measureResult, measureRun } from "../../../runtime/partitions/metrics";
import type { SyncResult } from "../../../runtime/partitions/table/entities";
import { NO_CHANGES } from "../../../runtime/partitions/table/table-state";

const RESULT: SyncResult = {
  ...NO_CHANGES,
  ...{ database: "raw", table: "events", runId: "run", status: "failed", dryRun: false },
  ...{ created: 5, failed: 2, seconds: 1.5, calls: 9 },
};

/** Sends the metrics to `console.log`, which the test replaces. */
const PRINTING = { POWERTOOLS_DEV: "true", POWERTOOLS_METRICS_DISABLED: "false" };

/** The lines that `work` prints, parsed as JSON. */
function printed(work: () => void): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const saved = { ...process.env };
  const log = console.log;
  Object.assign(process.env, PRINTING);
  console.log = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
  try {
    work();
  } finally {
    console.log = log;
    for (const name of Object.keys(PRINTING)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  }
  return lines;
}

describe("partition metrics", () => {
  it("writes a result in the format that CloudWatch reads from logs", () => {
    const [line] = printed(() => measureResult("dev", RESULT));
    expect(line).to.include({ PartitionsCreated: 5, PartitionsFailed: 2, SyncSeconds: 1.5, SyncCalls: 9 });
    expect(line).to.include({ PartitionsUpdated: 0, PartitionsDeleted: 0, PartitionsExisted: 0 });
    expect(line).to.include({ service: "partitions", stage: "dev", table: "raw.events", runId: "run" });
    const { CloudWatchMetrics: metrics } = line?.["_aws"] as { CloudWatchMetrics: object[] };
    expect(metrics[0]).to.deep.include({ Namespace: "Strata", Dimensions: [["service", "stage"]] });
  });

  it("writes nothing for a dry run", () => {
    expect(printed(() => measureResult("dev", { ...RESULT, dryRun: true }))).to.deep.equal([]);
  });

  it("counts the tables of a run, and those whose function was stopped as failed", () => {
    const statuses = { synced: 4, skipped: 3, refused: 2, failed: 1 };
    const run = { runId: "run", tables: 12, ...statuses, unreported: 2, stale: 5 };
    const [line] = printed(() => measureRun("dev", { ...run, partitions: { ...NO_CHANGES, calls: 0 } }));
    expect(line).to.include({ TablesSynced: 4, TablesSkipped: 3, TablesRefused: 2, TablesFailed: 3 });
    expect(line).to.include({ PartitionsFailed: 2, StaleTables: 5, service: "partitions", stage: "dev" });
  });
});
