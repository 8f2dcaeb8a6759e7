import { expect } from "chai";
import type { Call, Fault } from "./glue/fake-glue";
import { hourly, World } from "./world";

/** A fault of creates only. */
const onCreate =
  (fault: (call: Call) => Fault | undefined) =>
  (call: Call): Fault | undefined =>
    call.action === "BatchCreatePartition" ? fault(call) : undefined;

describe("syncTable when AWS fails", () => {
  it("sends again only what was not done, and waits longer each time", async () => {
    const world = hourly(200);
    const throttled = new Map<string, number>();
    world.glue.entryFault = (values) => {
      const id = values.join("/");
      const times = (throttled.get(id) ?? 0) + 1;
      throttled.set(id, times);
      return id.endsWith("/07") && times < 4 ? { code: "ThrottlingException" } : undefined;
    };
    expect(await world.sync()).to.include({ status: "synced", created: 200, failed: 0 });
    const sizes = world.glue.of("BatchCreatePartition").map((call) => call.PartitionInputList?.length ?? 0);
    expect(sizes.slice(0, 2)).to.deep.equal([100, 100]);
    expect(Math.max(...sizes.slice(2))).to.be.below(10);
    expect(world.pauses).to.not.be.empty;
    expect(Math.max(...world.pauses)).to.be.greaterThan(Math.min(...world.pauses));
  });

  for (const code of [
    "ThrottlingException",
    "ConcurrentModificationException",
    "OperationTimeoutException",
    "InternalServiceException",
  ]) {
    it(`continues after several calls failed with ${code}`, async () => {
      const world = hourly(500);
      let left = 12;
      world.glue.callFault = onCreate(() => (left-- > 0 ? { code } : undefined));
      expect(await world.sync()).to.include({ status: "synced", created: 500, failed: 0 });
      expect(world.pauses.length).to.be.greaterThan(0);
    });
  }

  it("stops if the errors do not end, and says so", async () => {
    const world = hourly(20);
    world.glue.callFault = onCreate(() => ({ code: "ThrottlingException", message: "Rate exceeded" }));
    const result = await world.sync();
    expect(result).to.include({ status: "failed", created: 0, failed: 20 });
    expect(result.reason).to.contain("Rate exceeded").and.contain("next run");
    expect(world.glue.of("BatchCreatePartition").length).to.be.at.most(10);
  });

  it("counts one failed entry and creates all others", async () => {
    const world = hourly(150);
    world.glue.entryFault = ([, , , hour], { action }) =>
      hour === "03" && action === "BatchCreatePartition"
        ? { code: "GlueEncryptionException", message: "no key" }
        : undefined;
    const result = await world.sync();
    expect(result).to.include({ status: "failed", created: 144, failed: 6 });
    expect(result.reason).to.contain("no key").and.contain("KMS key");
  });

  it("finds the entry for which Glue refuses a whole call", async () => {
    const world = hourly(150);
    world.glue.callFault = onCreate(({ PartitionInputList: list = [] }) =>
      list.some(({ Values }) => Values?.join("/") === "2026/11/21/05")
        ? { code: "InvalidInputException", message: "bad value" }
        : undefined,
    );
    const result = await world.sync();
    expect(result).to.include({ created: 149, failed: 1 });
    expect(result.reason).to.contain("2026/11/21/05").and.contain("bad value");
  });

  it("accepts a partition that somebody else created meanwhile, if its location is the same", async () => {
    const world = hourly(3);
    const { partitions } = world.glue.held("raw", "events");
    world.glue.callFault = onCreate(() => {
      const at = (Location: string) => ({ StorageDescriptor: { Location } });
      const same = ["2026", "11", "21", "10"];
      const other = ["2026", "11", "21", "09"];
      // Without the last slash it is the same location.
      partitions.set(same.join("/"), { Values: same, ...at("s3://lake/events/2026/11/21/10") });
      partitions.set(other.join("/"), { Values: other, ...at("s3://lake/elsewhere/") });
      return undefined;
    });
    const result = await world.sync();
    expect(result).to.include({ status: "failed", created: 1, existed: 1, failed: 1 });
    expect(result.reason).to.contain("s3://lake/elsewhere/").and.contain("strata.partitions.update = true");
  });

  it("moves a partition that somebody else created at another location, if the table opted in", async () => {
    const world = hourly(1, { "strata.partitions.update": "true" });
    const { partitions } = world.glue.held("raw", "events");
    const Values = ["2026", "11", "21", "10"];
    world.glue.callFault = onCreate(() => {
      partitions.set(Values.join("/"), { Values, StorageDescriptor: { Location: "s3://lake/elsewhere/" } });
      return undefined;
    });
    expect(await world.sync()).to.include({ status: "synced", created: 0, updated: 1, failed: 0 });
    const moved = world.glue.locations("raw", "events");
    expect(moved).to.deep.equal(["2026/11/21/10 s3://lake/events/2026/11/21/10/"]);
  });

  it("accepts what a retry of the SDK finds already done", async () => {
    const world = hourly(40);
    world.glue.maxAttempts = 3;
    let first = true;
    const { partitions } = world.glue.held("raw", "events");
    // The call takes effect, but its answer is lost.
    world.glue.callFault = onCreate(({ PartitionInputList: list = [] }) => {
      if (!first) return undefined;
      first = false;
      for (const input of list) partitions.set(input.Values?.join("/") ?? "", { ...input });
      return { code: "ThrottlingException" };
    });
    expect(await world.sync()).to.include({ status: "synced", failed: 0, existed: 40 });
  });

  it("skips a table that does not exist, or is deleted while it is written", async () => {
    const gone = new World();
    gone.glue.databases.set("raw", new Map());
    expect(await gone.sync()).to.include({ status: "skipped", failed: 0 });

    const going = hourly(500);
    going.glue.callFault = onCreate(() => {
      going.glue.databases.set("raw", new Map());
      return undefined;
    });
    const result = await going.sync();
    expect(result).to.include({ status: "skipped", created: 0, failed: 0 });
    expect(result.reason).to.contain("no longer in the catalog");
  });

  it("skips a table that is deleted before its partitions are read", async () => {
    const world = hourly(5);
    world.glue.callFault = ({ action }) =>
      action === "GetPartitions" ? { code: "EntityNotFoundException", message: "gone" } : undefined;
    expect(await world.sync()).to.include({ status: "skipped", failed: 0 });
  });

  for (const [what, fault, advice] of [
    ["access denied", { code: "AccessDeniedException", message: "not authorized" }, "function's role"],
    [
      "Lake Formation",
      { code: "AccessDeniedException", message: "Insufficient Lake Formation permission(s): Required Alter" },
      "grant",
    ],
    [
      "too many partitions",
      { code: "ResourceNumberLimitExceededException", message: "limit" },
      "higher quota",
    ],
  ] satisfies [string, Fault, string][]) {
    it(`reports ${what}, and stops trying`, async () => {
      const world = hourly(2000);
      world.glue.callFault = onCreate(() => fault);
      const result = await world.sync();
      expect(result).to.include({ status: "failed", created: 0, failed: 2000 });
      expect(result.reason).to.contain(fault.code).and.contain(fault.message).and.contain(advice);
      // Only the calls that had already started.
      expect(world.glue.of("BatchCreatePartition").length).to.be.at.most(10);
    });
  }

  it("names the account whose catalog refuses", async () => {
    const world = hourly(1);
    world.catalogId = "210987654321";
    world.glue.callFault = () => ({ code: "AccessDeniedException", message: "no" });
    const result = await world.sync();
    expect(result).to.include({ status: "refused" });
    expect(result.reason).to.contain("210987654321").and.contain("resource policy");
    expect(world.glue.calls.every((call) => call.CatalogId === "210987654321")).to.equal(true);
  });

  it("names a bucket that may not be listed", async () => {
    const world = hourly(1);
    world.buckets.fault = () => "AccessDenied";
    const result = await world.sync();
    expect(result).to.include({ status: "refused", created: 0 });
    expect(result.reason).to.contain("s3://lake/events/").and.contain("AccessDenied");
    expect(result.reason).to.contain("strata:partitionBuckets");
  });

  it("fails if Glue stays busy for reads, and keeps what was known", async () => {
    const world = hourly(2);
    await world.sync();
    world.glue.callFault = () => ({ code: "ThrottlingException", message: "Rate exceeded" });
    const result = await world.sync();
    expect(result).to.include({ status: "failed", failed: 1 });
    const state = world.store.kept.get("raw.events");
    expect(state).to.include({ status: "failed", newestAt: "2026-11-21T10:00:00.000Z", bucket: "lake" });
    expect(world.leases.held.size).to.equal(0);
  });

  it("reads everything if Glue does not accept the expression", async () => {
    const world = hourly(30);
    world.glue.callFault = ({ Expression }) =>
      Expression === undefined
        ? undefined
        : { code: "InvalidInputException", message: "Unsupported expression" };
    expect(await world.sync({ full: false })).to.include({ status: "synced", created: 30 });
  });

  it("counts what is not a partition, and gives examples", async () => {
    const world = hourly(2);
    world.fill("_temporary/0/", "2026/11/21/99/", "2026/13/01/00/");
    world.buckets.put("lake", "events/readme.txt", "events/2026_$folder$", "events/2026/11/21/late.json");
    const result = await world.sync();
    expect(result).to.include({ status: "synced", created: 2, failed: 0 });
    expect(result.ignored).to.equal(6);
    expect(result.reason).to.contain("2026/11/21/99/");
  });
});
