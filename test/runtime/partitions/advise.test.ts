import { expect } from "chai";
import type { AdviceAnswer } from "../../../runtime/contracts/partitions";
import { adviseTable } from "../../../runtime/partitions/advise";
import { thrownBy } from "../shared/recorder";
import { hourly, World } from "./world";

function advise(world: World, apply = false): Promise<AdviceAnswer> {
  return adviseTable({ database: "raw", table: "events", apply }, world.budget, world.ports());
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
  it("answers the properties of projection, and does not set them", async () => {
    const answer = await advise(await regional("eu", "us"));
    expect(answer).to.include({ eligible: true, applied: false });
    expect(answer.properties).to.include({
      "projection.enabled": "true",
      "projection.region.type": "enum",
      "projection.region.values": "eu,us",
      "projection.dt.type": "date",
    });
  });

  it("sets the properties if it is asked to, and changes nothing else of the table", async () => {
    const world = await regional("eu");
    const before = world.glue.held("raw", "events").table;
    expect(await advise(world, true)).to.include({ eligible: true, applied: true });
    const [update] = world.glue.of("UpdateTable");
    expect(update?.VersionId).to.equal("1");
    const { table } = world.glue.held("raw", "events");
    expect(table.Parameters).to.include({ owner: "team", "projection.enabled": "true" });
    const rest = { ...table, Parameters: {} };
    expect(rest).to.deep.equal({ ...before, Parameters: {} });
    // With projection, there is nothing to register.
    expect(await world.sync()).to.include({ status: "skipped" });
  });

  it("reads the partitions of every page", async () => {
    const world = hourly(1);
    world.table(["code"], { "strata.partitions.layout": "{code}" });
    const { partitions } = world.glue.held("raw", "events");
    for (let code = 0; code < 2500; code++) partitions.set(`c${code}`, { Values: [`c${code}`] });
    const answer = await advise(world, true);
    expect(answer).to.include({ eligible: false, applied: false });
    expect(answer.reason).to.be.a("string");
    expect(world.glue.writes()).to.have.length(0);
  });

  it("looks at everything in the bucket and in Glue, even if the last sync did not", async () => {
    const world = new World();
    world.table(["region", "dt:date"]);
    world.fill("region=eu/dt=2026-11-20/", "region=us/dt=2019-01-02/");
    // The window of this sync is three days.
    await world.sync({ full: false });
    const held = world.glue.held("raw", "events");
    expect([...held.partitions.keys()]).to.deep.equal(["eu/2026-11-20"]);
    // Its objects were deleted, but Glue still has it.
    const Location = "s3://lake/events/region=ap/dt=2018-05-06/";
    held.partitions.set("ap/2018-05-06", {
      Values: ["ap", "2018-05-06"],
      StorageDescriptor: { ...held.table.StorageDescriptor, Location },
    });
    const { properties } = await advise(world);
    expect(properties).to.include({
      "projection.region.values": "ap,eu,us",
      "projection.dt.range": "2018-05-06,NOW",
    });
  });

  for (const [what, change, reason] of [
    ["is at another location", { Location: "s3://old/place/" }, "s3://old/place/"],
    ["has another format", { InputFormat: "csv" }, "another format"],
    ["has other columns", { Columns: [{ Name: "id", Type: "int" }] }, "other columns"],
  ] as const) {
    it(`sets nothing if a partition ${what}, which projection would lose or misread`, async () => {
      const world = await regional("eu", "us");
      const [first] = world.glue.held("raw", "events").partitions.values();
      if (first !== undefined) {
        const { Columns, ...others } = { ...first.StorageDescriptor, ...change };
        first.StorageDescriptor = { ...others, Columns: [...(Columns ?? [])] };
      }
      const answer = await advise(world, true);
      expect(answer).to.include({ eligible: false, applied: false });
      expect(answer.reason).to.contain("eu/2026-11-20").and.contain(reason);
      expect(world.glue.writes()).to.have.length(0);
    });
  }

  it("sets nothing if the table cannot be listed in time, or its folders can be read in several ways", async () => {
    const world = await regional("eu");
    world.budget = { listingIsOver: () => true, isOver: () => false };
    expect((await advise(world, true)).reason).to.contain("too many folders");
    const ambiguous = new World();
    ambiguous.table(["day"]);
    ambiguous.fill("01022026/", "03042026/");
    expect((await advise(ambiguous, true)).reason).to.contain("strata.partitions.layout");
    expect([...world.glue.writes(), ...ambiguous.glue.writes()]).to.have.length(0);
  });

  it("says what projection does not see", async () => {
    const { notes } = await advise(await regional("eu"));
    expect(notes.join("\n"))
      .to.contain("Only Athena")
      .and.contain("projection.region.values")
      .and.not.contain("projection.dt");
  });

  it("says why there is nothing to advise", async () => {
    const world = hourly(1, { "projection.enabled": "true" });
    const answer = await advise(world);
    expect(answer).to.include({ eligible: false });
    expect(answer.reason).to.contain("projection is on");
  });

  it("refuses a table that does not exist", async () => {
    const world = new World();
    const error = await thrownBy(() => advise(world));
    expect(error.name).to.equal("UserError");
    expect(error.message).to.contain("no table raw.events");
  });

  it("says why the properties could not be set", async () => {
    const world = await regional("eu");
    world.glue.callFault = ({ action }) =>
      action === "UpdateTable" ? { code: "AccessDeniedException", message: "no" } : undefined;
    const error = await thrownBy(() => advise(world, true));
    expect(error.name).to.equal("UserError");
    expect(error.message).to.contain("AccessDeniedException");
  });
});
