import { expect } from "chai";
import { handleObjectEvents, type ObjectEventsAnswer } from "../../../runtime/partitions/object-events";
import { hourly, hoursBack, World } from "./world";

/** Messages of EventBridge's events about new objects in `lake`. */
function messagesOf(...keys: readonly string[]) {
  return keys.map((key, index) => ({
    messageId: `m${index}`,
    body: JSON.stringify({
      "detail-type": "Object Created",
      detail: { bucket: { name: "lake" }, object: { key, size: 1 } },
    }),
  }));
}

function handle(world: World, ...keys: readonly string[]): Promise<ObjectEventsAnswer> {
  return handleObjectEvents({ Records: messagesOf(...keys) }, "request", world.budget, world.ports());
}

/** A world whose table has been synced, so that its location is known. */
async function synced(count: number, parameters: Readonly<Record<string, string>> = {}): Promise<World> {
  const world = hourly(count, parameters);
  await world.sync();
  world.glue.calls.length = 0;
  world.buckets.listed.length = 0;
  return world;
}

const NEW_HOUR = "events/2026/11/21/11/a.json";

describe("handleObjectEvents", () => {
  it("creates only the partitions of new objects, without listing", async () => {
    const world = await synced(2);
    const answer = await handle(
      world,
      NEW_HOUR,
      "events/2026/11/21/11/b.json",
      "events/2026/11/21/12/c.json",
    );
    expect(answer).to.deep.equal({ batchItemFailures: [] });
    expect(world.glue.locations("raw", "events").slice(2)).to.deep.equal([
      "2026/11/21/11 s3://lake/events/2026/11/21/11/",
      "2026/11/21/12 s3://lake/events/2026/11/21/12/",
    ]);
    expect(world.buckets.listed).to.have.length(0);
    expect(world.glue.calls.map(({ action }) => action)).to.deep.equal([
      "GetTable",
      "BatchGetPartition",
      "BatchCreatePartition",
    ]);
    expect(world.measured.at(-1)).to.include({ created: 2, failed: 0 });
    expect(world.store.kept.get("raw.events")).to.include({ newestUntil: "2026-11-21T13:00:00.000Z" });
    expect(world.leases.held.size).to.equal(0);
  });

  it("looks up again what Glue did not process, and creates what Glue never processes", async () => {
    const world = await synced(5);
    const known = hoursBack(5).map((hour) => `events/${hour}more.json`);
    world.glue.lookUps = 2;
    await handle(world, ...known);
    const asked = world.glue.of("BatchGetPartition").map((call) => call.PartitionsToGet?.length);
    expect(asked).to.deep.equal([5, 3, 1]);
    expect(world.glue.writes()).to.have.length(0);
    world.glue.lookUps = 0;
    await handle(world, NEW_HOUR);
    expect(world.measured.at(-1)).to.include({ created: 1, failed: 0 });
  });

  it("writes nothing for an object in an existing partition", async () => {
    const world = await synced(2);
    const before = world.store.kept.get("raw.events");
    await handle(world, "events/2026/11/21/10/more.json");
    expect(world.glue.writes()).to.have.length(0);
    expect(world.store.kept.get("raw.events")).to.equal(before);
  });

  it("never deletes, because it does not see everything", async () => {
    const settings = { "strata.partitions.delete": "true", "strata.partitions.delete-limit": "100%" };
    const world = await synced(3, { ...settings, "strata.partitions.delete-grace": "0" });
    world.buckets.remove("lake", "events/");
    await handle(world, NEW_HOUR);
    expect(world.glue.held("raw", "events").partitions.size).to.equal(4);
  });

  it("reads a Hive table's layout from the new folder itself", async () => {
    const world = new World();
    world.table(["region", "dt:date"]);
    world.fill("region=eu/dt=2026-11-20/", "region=us/dt=2026-11-20/");
    await world.sync();
    await handle(world, "events/region=a%2Fb/dt=2026-11-21/x.json");
    expect(world.glue.locations("raw", "events")).to.include(
      "a/b/2026-11-21 s3://lake/events/region=a%2Fb/dt=2026-11-21/",
    );
  });

  it("assigns an object to the table with the longest location above it", async () => {
    const world = await synced(1);
    const outer = world.store.kept.get("raw.events");
    if (outer !== undefined) await world.store.putState({ ...outer, table: "outer", prefix: "" });
    await handle(world, NEW_HOUR);
    expect(world.glue.held("raw", "events").partitions.size).to.equal(2);
    expect(world.glue.of("GetTable")).to.have.length(1);
  });

  it("ignores objects of no table and above the partitions, and messages that it cannot read", async () => {
    const world = await synced(1);
    const answer = await handle(world, "other/x.json", "events/readme.txt", "events/_temporary/0/0/0/x");
    expect(answer).to.deep.equal({ batchItemFailures: [] });
    expect(world.glue.writes()).to.have.length(0);
    expect(world.log.lines.map(({ message }) => message)).to.include("object of no table");
    const broken = { Records: [{ messageId: "m", body: "{" }] };
    const ports = world.ports();
    expect(await handleObjectEvents(broken, "request", world.budget, ports)).to.deep.equal({
      batchItemFailures: [],
    });
  });

  it("returns the messages of a table that is being synced, and only those", async () => {
    const world = await synced(1);
    const state = world.store.kept.get("raw.events");
    if (state !== undefined) await world.store.putState({ ...state, table: "busy", prefix: "busy/" });
    world.leases.held.set("partitions//raw/busy", "a run");
    const answer = await handle(world, NEW_HOUR, "busy/2026/11/21/11/a.json");
    expect(answer).to.deep.equal({ batchItemFailures: [{ itemIdentifier: "m1" }] });
    expect(world.glue.held("raw", "events").partitions.size).to.equal(2);
  });

  it("returns messages if Glue is busy, but not if Glue refuses", async () => {
    const world = await synced(1);
    world.glue.callFault = () => ({ code: "ThrottlingException" });
    const failures = [{ itemIdentifier: "m0" }];
    expect(await handle(world, NEW_HOUR)).to.deep.equal({ batchItemFailures: failures });
    world.glue.callFault = () => ({ code: "AccessDeniedException" });
    expect(await handle(world, NEW_HOUR)).to.deep.equal({ batchItemFailures: [] });
    expect(world.leases.held.size).to.equal(0);
  });

  it("skips a table that opted out or no longer exists", async () => {
    const world = await synced(1);
    world.glue.held("raw", "events").table.Parameters = { "strata.partitions.enabled": "false" };
    expect(await handle(world, NEW_HOUR)).to.deep.equal({ batchItemFailures: [] });
    world.glue.databases.set("raw", new Map());
    expect(await handle(world, NEW_HOUR)).to.deep.equal({ batchItemFailures: [] });
    expect(world.glue.writes()).to.have.length(0);
  });

  it("returns messages for which no time is left", async () => {
    const world = await synced(1);
    world.budget = { listingIsOver: () => true, isOver: () => true };
    expect((await handle(world, NEW_HOUR)).batchItemFailures).to.have.length(1);
  });
});
