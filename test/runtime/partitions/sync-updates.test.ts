import { expect } from "chai";
import { HOURLY, hourly } from "./world";

describe("syncTable with existing partitions", () => {
  it("moves a partition at another location only if the table opted in", async () => {
    const world = hourly(3);
    await world.sync();
    const there = world.glue.held("raw", "events").partitions.get("2026/11/21/09");
    if (there !== undefined) {
      there.Parameters = { rows: "7" };
      there.StorageDescriptor = { ...there.StorageDescriptor, Location: "s3://old/place/" };
    }
    const refused = await world.sync();
    expect(refused).to.include({ status: "failed", failed: 1, updated: 0, existed: 2 });
    expect(refused.reason).to.contain("s3://old/place/").and.contain("strata.partitions.update");
    world.glue.held("raw", "events").table.Parameters = { ...HOURLY, "strata.partitions.update": "true" };
    expect(await world.sync()).to.include({ status: "synced", failed: 0, updated: 1 });
    const moved = world.glue.held("raw", "events").partitions.get("2026/11/21/09");
    expect(moved?.StorageDescriptor?.Location).to.equal("s3://lake/events/2026/11/21/09/");
    // The update keeps the parameters that others have set.
    expect(moved?.Parameters).to.deep.equal({ rows: "7" });
  });

  it("changes columns and format only if the table opted in to each", async () => {
    const world = hourly(1, { "strata.partitions.update": "true" });
    await world.sync();
    const { partitions, table } = world.glue.held("raw", "events");
    const [id = "", made] = [...partitions][0] ?? [];
    const old = {
      Location: made?.StorageDescriptor?.Location ?? "",
      Columns: [{ Name: "id", Type: "int" }],
      InputFormat: "csv",
    };
    partitions.set(id, { ...made, StorageDescriptor: old });
    expect(await world.sync()).to.include({ updated: 1 });
    const updated = partitions.get(id)?.StorageDescriptor;
    expect(updated).to.deep.include({
      InputFormat: table.StorageDescriptor?.InputFormat,
      Columns: old.Columns,
    });
    partitions.set(id, { ...made, StorageDescriptor: old });
    table.Parameters = { ...HOURLY, "strata.partitions.cascade": "true" };
    expect(await world.sync()).to.include({ updated: 1 });
    const cascaded = partitions.get(id)?.StorageDescriptor;
    expect(cascaded).to.deep.include({ InputFormat: "csv", Columns: table.StorageDescriptor?.Columns });
  });

  it("gives partitions the table's wider column if the table opted in", async () => {
    const world = hourly(2, { "strata.partitions.cascade": "true" });
    await world.sync();
    for (const partition of world.glue.held("raw", "events").partitions.values()) {
      partition.StorageDescriptor = {
        ...partition.StorageDescriptor,
        Columns: [{ Name: "id", Type: "int" }],
      };
    }
    expect(await world.sync()).to.include({ updated: 2, failed: 0 });
    const [first] = world.glue.held("raw", "events").partitions.values();
    expect(first?.StorageDescriptor?.Columns).to.deep.equal([{ Name: "id", Type: "bigint" }]);
  });
});
