import { expect } from "chai";
import { NOW } from "../shared/recorder";
import { HOURLY, hourly, hoursBack, World } from "./world";

describe("syncTable", () => {
  it("creates the partitions of the bucket, with the table's descriptor and their own location", async () => {
    const world = hourly(30);
    const result = await world.sync();
    const counts = { created: 30, existed: 0, failed: 0, ignored: 0 };
    expect(result).to.include({ status: "synced", dryRun: false, ...counts });
    const locations = world.glue.locations("raw", "events");
    expect(locations[29]).to.equal("2026/11/21/10 s3://lake/events/2026/11/21/10/");
    const [first] = world.glue.held("raw", "events").partitions.values();
    expect(first?.StorageDescriptor?.SerdeInfo?.SerializationLibrary).to.contain("JsonSerDe");
  });

  it("finds the layout by the folders if the table does not set it", async () => {
    const world = new World();
    world.table(["year:int", "month:int", "day:int"]);
    world.fill("year=2026/month=11/day=20/", "year=2026/month=11/day=21/");
    expect(await world.sync()).to.include({ status: "synced", created: 2, layout: "hive" });
  });

  it("writes nothing and says so if nothing has changed", async () => {
    const world = hourly(120);
    await world.sync();
    const writes = world.glue.writes().length;
    const again = await world.sync();
    expect(again).to.include({ status: "synced", created: 0, existed: 120, updated: 0, failed: 0 });
    expect(world.glue.writes()).to.have.length(writes);
    // Three calls: the table, its partitions, and the bucket, which fits on a page.
    expect(again.calls).to.equal(3);
  });

  it("creates in calls of at most 100", async () => {
    const world = hourly(234);
    expect(await world.sync()).to.include({ created: 234 });
    const sizes = world.glue.of("BatchCreatePartition").map((call) => call.PartitionInputList?.length);
    expect(sizes).to.deep.equal([100, 100, 34]);
  });

  it("looks only at the days of the look-back, in the bucket and in the catalog", async () => {
    const world = hourly(24 * 10);
    const result = await world.sync({ full: false });
    // Three whole days before today, and today's first eleven hours.
    expect(result).to.include({ created: 3 * 24 + 11, existed: 0 });
    const [read] = world.glue.of("GetPartitions");
    expect(read?.Expression).to.contain("day IN ('18', '19', '20', '21')");
    expect(read?.ExcludeColumnSchema).to.equal(true);
    const again = await world.sync({ full: false });
    expect(again).to.include({ created: 0, existed: 3 * 24 + 11 });
  });

  it("looks at the days that the run asks for", async () => {
    const world = hourly(24 * 10);
    expect(await world.sync({ from: "2026-11-13", to: "2026-11-14" })).to.include({ created: 48 });
  });

  it("says what it would do in a dry run, and does nothing", async () => {
    const world = hourly(5, { "strata.partitions.indexes": "year" });
    expect(await world.sync({ dryRun: true })).to.include({ status: "synced", created: 5, dryRun: true });
    expect(world.glue.writes()).to.have.length(0);
    expect(world.store.kept.size).to.equal(0);
  });

  it("deletes what no longer exists in calls of 25 if the table opted in, never more than the limit", async () => {
    const world = hourly(100);
    await world.sync();
    world.buckets.remove("lake", "events/2026/11/19/");
    expect(await world.sync()).to.include({ deleted: 0, existed: 76 });
    const parameters = { ...HOURLY, "strata.partitions.delete": "true" };
    world.glue.held("raw", "events").table.Parameters = parameters;
    const stopped = await world.sync();
    expect(stopped).to.include({ deleted: 0, status: "synced" });
    expect(stopped.reason).to.contain("delete-limit");
    world.buckets.remove("lake", "events/2026/11/20/");
    world.glue.held("raw", "events").table.Parameters = {
      ...parameters,
      "strata.partitions.delete-limit": "48",
    };
    expect(await world.sync()).to.include({ deleted: 48, existed: 52 });
    const sizes = world.glue.of("BatchDeletePartition").map((call) => call.PartitionsToDelete?.length);
    expect(sizes).to.deep.equal([25, 23]);
    expect(world.glue.held("raw", "events").partitions.size).to.equal(52);
  });

  it("syncs a table only once at the same time, and releases the lease", async () => {
    const world = hourly(1);
    world.leases.held.set("partitions//raw/events", "another run");
    const skipped = await world.sync();
    expect(skipped).to.include({ status: "skipped", created: 0 });
    expect(skipped.reason).to.contain("another run is syncing it");
    expect(world.glue.calls).to.have.length(0);
    world.leases.held.clear();
    await world.sync();
    expect(world.leases.held.size).to.equal(0);
  });

  for (const [what, parameters] of [
    ["opted out", { "strata.partitions.enabled": "false" }],
    ["Iceberg", { table_type: "ICEBERG" }],
    ["projected", { "projection.enabled": "true" }],
  ] satisfies [string, Record<string, string>][]) {
    it(`skips a table that is ${what}`, async () => {
      const world = hourly(2, parameters);
      expect(await world.sync()).to.include({ status: "skipped", created: 0 });
      expect(world.buckets.listed).to.have.length(0);
    });
  }

  it("refuses a table whose folders can be read in several ways, and names the parameter to set", async () => {
    const world = new World();
    world.table(["a", "b"]);
    world.fill("01022026/x/", "02012026/x/");
    const result = await world.sync();
    expect(result).to.include({ status: "refused", created: 0 });
    expect(result.reason).to.contain("strata.partitions.layout");
  });

  it("has nothing to do for a table without objects", async () => {
    const world = new World();
    world.table(["year", "month"]);
    expect(await world.sync()).to.include({ status: "synced", created: 0, failed: 0 });
    expect(world.glue.writes()).to.have.length(0);
  });

  it("creates the partition indexes that the table asks for, one after the other", async () => {
    const world = hourly(1, { "strata.partitions.indexes": "year,month;day" });
    const { indexes } = world.glue.held("raw", "events");
    await world.sync();
    expect(indexes.map(({ Keys }) => Keys.map(({ Name }) => Name).join())).to.deep.equal(["year,month"]);
    await world.sync();
    expect(indexes).to.have.length(1);
    for (const index of indexes) index.IndexStatus = "ACTIVE";
    await world.sync();
    await world.sync();
    expect(indexes).to.have.length(2);
  });

  it("reports an index over something that is not a key, and syncs nevertheless", async () => {
    const world = hourly(2, { "strata.partitions.indexes": "region" });
    const result = await world.sync();
    expect(result).to.include({ status: "synced", created: 2 });
    expect(result.reason).to.contain("region").and.contain("strata.partitions.indexes");
  });

  it("reads a table of many partitions in parallel segments, without their columns", async () => {
    const world = hourly(1500);
    await world.sync();
    world.glue.calls.length = 0;
    world.buckets.listed.length = 0;
    expect(await world.sync()).to.include({ created: 0, existed: 1500 });
    const reads = world.glue.of("GetPartitions") as readonly { Segment?: { SegmentNumber: number } }[];
    const segments = reads.map(({ Segment }) => Segment?.SegmentNumber);
    expect(segments).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(world.glue.of("GetPartitions").every((call) => call.ExcludeColumnSchema)).to.equal(true);
    // At the top only folders are listed, because the objects are known not to fit on a page.
    expect(world.buckets.listed[0]).to.include({ prefix: "events/", delimiter: "/" });
  });

  it("reads the table's partitions while it still looks for the layout, and reads each once", async () => {
    const world = new World();
    world.table(["region", "day"]);
    world.fill("region=eu/day=2026-11-20/", "region=eu/day=2026-11-21/");
    let before: number | undefined;
    world.buckets.fault = (prefix) => {
      if (prefix !== "events/") before ??= world.glue.of("GetPartitions").length;
      return undefined;
    };
    expect(await world.sync()).to.include({ created: 2 });
    expect(before).to.equal(1);
    expect(world.glue.of("GetPartitions")).to.have.length(1);
  });

  it("says that it cannot find the layout, even if reading the partitions failed meanwhile", async () => {
    const world = new World();
    world.table(["region", "day"]);
    world.fill("area=eu/day=2026-11-20/");
    world.glue.callFault = ({ action }) =>
      action === "GetPartitions" ? { code: "AccessDeniedException" } : undefined;
    const result = await world.sync();
    expect(result.status).to.equal("refused");
    expect(result.reason).to.contain("The folders name area, day");
  });

  it("does not list a folder again that it listed to find the layout", async () => {
    const world = new World();
    world.table(["region", "day"]);
    const days = hoursBack(24 * 120).map((hour) => hour.slice(0, 10).replaceAll("/", "-"));
    world.fill(
      ...[...new Set(days)].flatMap((day) => ["eu", "us"].map((name) => `region=${name}/day=${day}/`)),
    );
    for (let file = 0; file < 900; file++)
      world.buckets.put("lake", `events/region=eu/day=2026-11-20/${file}`);
    expect(await world.sync()).to.include({ status: "synced", layout: "hive" });
    const folders = world.buckets.listed
      .filter(({ delimiter }) => delimiter === "/")
      .map(({ prefix }) => prefix);
    expect(folders).to.include("events/region=eu/");
    expect(new Set(folders).size).to.equal(folders.length);
  });

  it("measures and stores the result, and stores the table's state", async () => {
    const world = hourly(12);
    const result = await world.sync();
    expect(world.measured).to.deep.equal([result]);
    expect(result).to.include({ runId: "run", seconds: 0, newestAt: "2026-11-21T10:00:00.000Z" });
    expect(result.newest).to.deep.equal(["2026", "11", "21", "10"]);
    const state = world.store.kept.get("raw.events");
    expect(state).to.include({ bucket: "lake", prefix: "events/", at: NOW.toISOString(), created: 12 });
    expect(state).to.include({ newestUntil: "2026-11-21T11:00:00.000Z" });
    expect(state?.advice).to.contain("projection");
  });

  it("stops when its time is nearly over, and leaves the rest to the next run", async () => {
    const world = hourly(250);
    let calls = 0;
    world.budget = { listingIsOver: () => false, isOver: () => ++calls > 2 };
    const result = await world.sync();
    expect(result).to.include({ status: "synced", created: 200, failed: 0 });
    expect(result.reason).to.contain("50 remain for the next run");
    world.budget = { listingIsOver: () => false, isOver: () => false };
    expect(await world.sync()).to.include({ created: 50, existed: 200 });
  });

  it("refuses a table that cannot be listed in time, and says how to continue", async () => {
    const world = hourly(1);
    world.budget = { listingIsOver: () => true, isOver: () => false };
    const result = await world.sync();
    expect(result).to.include({ status: "refused" });
    expect(result.reason).to.contain("--from");
  });
});
