import { expect } from "chai";
import { adviseTable, type AdviceAnswer } from "../../../runtime/partitions/advise";
import { failureOf } from "../shared/recorder";
import { hourly, World } from "./world";

function advise(world: World, apply = false): Promise<AdviceAnswer> {
  return adviseTable({ database: "raw", table: "events", apply }, world.ports());
}

/** A table of regions and days, with its partitions registered. */
async function regional(...regions: readonly string[]): Promise<World> {
  const world = new World();
  world.table(["region", "dt:date"], { owner: "team" });
  world.fill(...regions.map((region) => `region=${region}/dt=2026-11-20/`));
  await world.sync();
  world.glue.calls.length = 0;
  return world;
}

describe("adviseTable", () => {
  it("has the properties of projection ready, and sets nothing", async () => {
    const answer = await advise(await regional("eu", "us"));
    expect(answer).to.include({ eligible: true, applied: false });
    expect(answer.properties).to.include({
      "projection.enabled": "true",
      "projection.region.type": "enum",
      "projection.region.values": "eu,us",
      "projection.dt.type": "date",
    });
  });

  it("sets them where it is asked to, and leaves the rest of the table as it is", async () => {
    const world = await regional("eu");
    const before = world.glue.held("raw", "events").table;
    expect(await advise(world, true)).to.include({ eligible: true, applied: true });
    const [update] = world.glue.of("UpdateTable");
    expect(update?.VersionId).to.equal("1");
    const { table } = world.glue.held("raw", "events");
    expect(table.Parameters).to.include({ owner: "team", "projection.enabled": "true" });
    const rest = { ...table, Parameters: {} };
    expect(rest).to.deep.equal({ ...before, Parameters: {} });
    // From now on there is nothing to register.
    expect(await world.sync()).to.include({ status: "skipped" });
  });

  it("goes by the partitions of every page", async () => {
    const world = hourly(1);
    world.table(["code"], { "strata.partitions.layout": "{code}" });
    const { partitions } = world.glue.held("raw", "events");
    for (let code = 0; code < 2500; code++) partitions.set(`c${code}`, { Values: [`c${code}`] });
    const answer = await advise(world, true);
    expect(answer).to.include({ eligible: false, applied: false });
    expect(answer.reason).to.be.a("string");
    expect(world.glue.writes()).to.have.length(0);
  });

  it("tells why there is nothing to advise", async () => {
    const world = hourly(1, { "projection.enabled": "true" });
    const answer = await advise(world);
    expect(answer).to.include({ eligible: false });
    expect(answer.reason).to.contain("projection is on");
  });

  it("refuses a table that there is not", async () => {
    const world = new World();
    const error = await failureOf(() => advise(world));
    expect(error.name).to.equal("UserError");
    expect(error.message).to.contain("no table raw.events");
  });

  it("tells what keeps it from setting them", async () => {
    const world = await regional("eu");
    world.glue.callFault = ({ action }) =>
      action === "UpdateTable" ? { code: "AccessDeniedException", message: "no" } : undefined;
    const error = await failureOf(() => advise(world, true));
    expect(error.name).to.equal("UserError");
    expect(error.message).to.contain("AccessDeniedException");
  });
});
