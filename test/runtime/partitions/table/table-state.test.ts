import { expect } from "chai";
import { HOURLY, hourly, World } from "../world";

/** The state of `raw.events`. */
const stateOf = (world: World) => world.store.kept.get("raw.events");

describe("the state of a table", () => {
  it("keeps the newest partition when a run looks at old days", async () => {
    const world = hourly(24 * 5);
    await world.sync();
    await world.sync({ from: "2026-11-17", to: "2026-11-17" });
    expect(stateOf(world)).to.include({ newestAt: "2026-11-21T10:00:00.000Z", existed: 24 });
    await world.sync({ from: "2020-01-01", to: "2020-01-02" });
    expect(stateOf(world)).to.include({ newestUntil: "2026-11-21T11:00:00.000Z", existed: 0 });
  });

  it("knows that a table without new partitions is older than the window", async () => {
    const world = new World();
    world.table(["year", "month", "day", "hour"], HOURLY);
    world.fill("2026/10/01/00/");
    await world.sync({ full: false });
    expect(stateOf(world)).to.include({ newestUntil: "2026-11-18T00:00:00.000Z" });
    expect(stateOf(world)?.newestAt).to.equal(undefined);
    await world.sync();
    expect(stateOf(world)).to.include({ newestAt: "2026-10-01T00:00:00.000Z" });
  });

  it("learns nothing about freshness from a run over old days that found nothing", async () => {
    const world = hourly(0);
    await world.sync({ from: "2020-01-01", to: "2020-01-02" });
    expect(stateOf(world)?.newestUntil).to.equal(undefined);
  });

  it("keeps the table's own limit until it has none", async () => {
    const world = hourly(1, { "strata.partitions.freshness": "5" });
    await world.sync();
    expect(stateOf(world)?.freshnessHours).to.equal(5);
    world.glue.held("raw", "events").table.Parameters = HOURLY;
    await world.sync();
    expect(stateOf(world)?.freshnessHours).to.equal(undefined);
  });

  it("forgets how fresh a table is that opted out", async () => {
    const world = hourly(1);
    await world.sync();
    world.glue.held("raw", "events").table.Parameters = { "strata.partitions.enabled": "false" };
    await world.sync();
    expect(stateOf(world)).to.include({ status: "skipped", bucket: "lake" });
    expect(stateOf(world)?.newestUntil).to.equal(undefined);
  });
});
