import { expect } from "chai";
import type { SyncResult, TableState } from "../../../runtime/partitions/table/entities";
import { describeRun, needsAttention, readOutput } from "../../../tasks/partitions/runs";
import { TaskError } from "../../../tasks/cli/output";
import { renderResults, renderStatus, statusOf } from "../../../tasks/partitions/results-table";

const NOW = new Date("2026-11-21T12:00:00Z");

const result = (fields: Partial<SyncResult> = {}): SyncResult => ({
  database: "sales_raw",
  table: "orders",
  runId: "run",
  status: "synced",
  created: 0,
  existed: 0,
  updated: 0,
  deleted: 0,
  failed: 0,
  ignored: 0,
  seconds: 1.25,
  calls: 5,
  dryRun: false,
  ...fields,
});

const state = (fields: Partial<TableState> = {}): TableState => ({
  ...result(),
  at: "2026-11-21T11:30:00.000Z",
  ...fields,
});

const run = (...results: SyncResult[]) => ({ results, unreported: 0 });

describe("the results of a sync", () => {
  it("are a line for each table, and then the reasons", () => {
    const text = renderResults([
      result({ layout: "hive", created: 3, existed: 4, updated: 6, deleted: 7, failed: 1 }),
      result({ table: "clicks", status: "refused", reason: "Set strata.partitions.layout." }),
    ]);
    expect(text).to.match(
      /table .*layout .*created .*existed .*updated .*deleted .*failed .*seconds .*status/,
    );
    expect(text).to.match(/sales_raw\.orders .*hive .*3 .*4 .*6 .*7 .*1 .*1\.3 .*synced/);
    expect(text).to.match(/sales_raw\.clicks .*- .*refused/);
    expect(text.split("\n").at(-1)).to.equal("sales_raw.clicks: Set strata.partitions.layout.");
  });

  it("are described in one line", () => {
    expect(describeRun(run(result({ created: 2, existed: 1 }), result({ created: 3 })))).to.equal(
      "2 tables, 5 partitions created, 1 existed",
    );
    expect(
      describeRun(
        run(
          result({ status: "refused" }),
          result({ status: "skipped" }),
          result({ status: "failed", failed: 4, updated: 5, deleted: 6 }),
        ),
      ),
    ).to.equal(
      "3 tables, 1 skipped, 1 refused, 1 failed, 0 partitions created, 0 existed, 5 updated, 6 deleted, 4 partitions failed",
    );
  });

  it("say what would be done in a dry run", () => {
    expect(describeRun(run(result({ created: 2, dryRun: true })))).to.equal(
      "1 table, 2 partitions would be created, 0 existed",
    );
  });

  it("need attention if a table was refused or failed, or a partition failed", () => {
    expect(needsAttention(run(result(), result({ status: "skipped" })))).to.equal(false);
    for (const bad of [{ status: "refused" }, { status: "failed" }, { failed: 1 }] as const) {
      expect(needsAttention(run(result(), result(bad))), JSON.stringify(bad)).to.equal(true);
    }
  });
});

describe("a run that the survey refuses", () => {
  it("ends with the reason, without a stack trace", () => {
    const refused = { errorType: "UserError", errorMessage: "There is no table nope.", trace: ["at x"] };
    expect(() => readOutput({ refused })).to.throw(TaskError, /^There is no table nope\.$/);
    expect(readOutput({ unreported: 2, tables: 3 })).to.equal(2);
  });
});

describe("a table whose function was stopped", () => {
  it("is mentioned, although it has no result", () => {
    const done = { results: [result({ existed: 1 })], unreported: 1 };
    expect(needsAttention(done)).to.equal(true);
    expect(describeRun(done)).to.equal(
      "1 table, 0 partitions created, 1 existed; 1 without a result, because the function was stopped: ./strata logs partitions-sync",
    );
  });
});

describe("the status of a table", () => {
  it("has the age of its newest partition, and says whether that is too old", () => {
    const fresh = state({
      newest: ["2026", "11", "21"],
      newestAt: "2026-11-21T00:00:00.000Z",
      newestUntil: "2026-11-22T00:00:00.000Z",
    });
    expect(statusOf(fresh, 48, NOW)).to.deep.include({ ageHours: 12, stale: false, status: "synced" });
    const old = state({ newestAt: "2026-11-15T00:00:00.000Z", newestUntil: "2026-11-16T00:00:00.000Z" });
    expect(statusOf(old, 48, NOW)).to.deep.include({ ageHours: 156, stale: true });
    expect(statusOf({ ...old, freshnessHours: 200 }, 48, NOW)).to.deep.include({ stale: false });
  });

  it("is a line for each table with newest partition, age, last run and status, then the reasons", () => {
    const text = renderStatus(
      [
        state({
          layout: "hive",
          newest: ["2026", "11", "15"],
          newestAt: "2026-11-15T00:00:00.000Z",
          newestUntil: "2026-11-16T00:00:00.000Z",
        }),
        state({ table: "customers", status: "refused", reason: "Two layouts fit." }),
      ].map((each) => statusOf(each, 48, NOW)),
    );
    expect(text).to.match(
      /sales_raw\.orders .*hive .*2026\/11\/15 .*6 days .*2026-11-21 11:30:00 .*synced, STALE/,
    );
    expect(text).to.match(/sales_raw\.customers .*- .*- .*refused/);
    expect(text.split("\n").at(-1)).to.equal("sales_raw.customers: Two layouts fit.");
  });
});
