import { expect } from "chai";
import type { SummaryAnswer } from "../../../runtime/contracts/partitions";
import { isStale } from "../../../runtime/partitions/table/table-state";
import { summarizeRun } from "../../../runtime/partitions/summarize";
import type { SyncResult } from "../../../runtime/partitions/table/entities";
import { NOW, now } from "../shared/recorder";
import { hourly, type World } from "./world";

async function summarize(world: World, tables?: number): Promise<SummaryAnswer> {
  const measured: SummaryAnswer[] = [];
  const { store, log } = world.ports();
  const ports = { store, log, now, measure: (summary: SummaryAnswer) => measured.push(summary) };
  const answer = await summarizeRun({ runId: "run", tables }, 48, ports);
  expect(measured).to.deep.equal([answer]);
  return answer;
}

describe("summarizeRun", () => {
  it("adds up the results of its run", async () => {
    const world = hourly(5);
    await world.sync();
    const [result] = world.store.done;
    const more = (fields: Partial<SyncResult>) => {
      if (result !== undefined) world.store.done.push({ ...result, created: 0, ...fields });
    };
    more({ table: "b", status: "failed", failed: 3 });
    more({ table: "c", status: "refused" });
    more({ table: "*", status: "failed", failed: 1 });
    more({ runId: "another", created: 100 });
    const answer = await summarize(world, 5);
    // The survey listed five tables: two of them have no result.
    expect(answer).to.include({ tables: 5, synced: 1, refused: 1, failed: 2, skipped: 0, unreported: 2 });
    expect(answer.partitions).to.include({ created: 5, failed: 4, deleted: 0 });
  });

  it("counts the tables whose newest partition is too old", async () => {
    const world = hourly(1);
    await world.sync();
    expect((await summarize(world)).stale).to.equal(0);
    const state = world.store.kept.get("raw.events");
    if (state !== undefined)
      await world.store.putState({ ...state, newestUntil: "2026-11-19T09:59:59.000Z" });
    expect((await summarize(world)).stale).to.equal(1);
  });
});

describe("isStale", () => {
  const newestUntil = "2026-11-20T10:00:00.000Z";
  it("depends on the end of the newest partition's time", () => {
    expect(isStale({ newestUntil }, 25, NOW)).to.equal(false);
    expect(isStale({ newestUntil }, 23, NOW)).to.equal(true);
  });

  it("prefers the table's own limit", () => {
    expect(isStale({ newestUntil, freshnessHours: 100 }, 1, NOW)).to.equal(false);
    expect(isStale({ newestUntil, freshnessHours: 1 }, 100, NOW)).to.equal(true);
  });

  it("never calls a table without time stale", () => {
    expect(isStale({}, 1, NOW)).to.equal(false);
  });
});
