import { expect } from "chai";
import type { Partition } from "@aws-sdk/client-glue";
import { ExistingPartitions } from "../../../../runtime/partitions/glue/existing-partitions";
import { FoundPartitions } from "../../../../runtime/partitions/lake/found-partitions";
import { NULL_VALUE } from "../../../../runtime/partitions/layout/partition-keys";
import { parseLocation } from "../../../../runtime/partitions/lake/location";
import { planPartitions, type PartitionPlan } from "../../../../runtime/partitions/glue/plan";
import { readTableSettings } from "../../../../runtime/partitions/table/table-settings";
import { at, hiveFrom, keysOf } from "../layout/partitioned";

const specs = ["dt", "hour:int"];
const [keys, layout] = [keysOf(...specs), hiveFrom("dt:date", "hour:int")];
const descriptor = {
  Location: "s3://lake/raw",
  Columns: [{ Name: "id", Type: "bigint" }],
  InputFormat: "text",
};
const now = new Date("2026-11-21T12:00:00Z");
const old = new Date("2026-01-01T00:00:00Z");

function partition(
  dt: string,
  hour: string,
  change: Partial<Partition["StorageDescriptor"]> = {},
  created = old,
): Partition {
  const Location = `s3://lake/raw/dt=${dt}/hour=${hour}/`;
  return {
    Values: [dt, hour],
    CreationTime: created,
    StorageDescriptor: { ...descriptor, Location, ...change },
  };
}

interface Situation {
  readonly prefixes?: readonly string[];
  readonly partitions?: readonly Partition[];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly window?: { readonly from?: number; readonly to?: number };
  readonly isComplete?: boolean;
}

function plan({
  prefixes = [],
  partitions = [],
  parameters = {},
  window = {},
  isComplete = true,
}: Situation): PartitionPlan {
  const named = Object.entries(parameters).map(([name, value]) => [`strata.partitions.${name}`, value]);
  const settings = readTableSettings(Object.fromEntries(named) as Record<string, string>);
  const found = new FoundPartitions(layout, keys, window);
  prefixes.forEach((prefix) => found.add(prefix));
  const existing = new ExistingPartitions({
    layout,
    keys,
    location: parseLocation("s3://lake/raw"),
    descriptor,
    settings,
  });
  partitions.forEach((each) => existing.add(each));
  return planPartitions({ found, existing, settings, now, isComplete });
}

describe("planPartitions", () => {
  it("creates what is in S3 and not in Glue, with its location", () => {
    const { create, existed } = plan({
      prefixes: ["dt=2026-11-21/hour=1/", "dt=2026-11-21/hour=02/", `dt=${NULL_VALUE}/hour=1/`],
      partitions: [partition("2026-11-21", "1")],
    });
    expect(existed).to.equal(1);
    expect(create).to.deep.equal([
      { values: ["2026-11-21", "02"], location: "s3://lake/raw/dt=2026-11-21/hour=02/" },
      { values: [NULL_VALUE, "1"], location: `s3://lake/raw/dt=${NULL_VALUE}/hour=1/` },
    ]);
  });

  it("does nothing if nothing has changed, however locations and numbers are written", () => {
    const result = plan({
      prefixes: ["dt=2026-11-20/hour=07/", "dt=2026-11-21/hour=1/"],
      partitions: [
        partition("2026-11-20", "7", { Location: "s3a://lake//raw/dt=2026-11-20/hour=07" }),
        partition("2026-11-21", "1"),
      ],
      parameters: { update: "true", cascade: "true", delete: "true" },
    });
    expect(result).to.deep.equal({
      create: [],
      update: [],
      delete: [],
      existed: 2,
      conflicts: 0,
      examples: [],
    });
  });

  it("reports another location, and moves it only when the table opts in", () => {
    const partitions = [partition("2026-11-21", "07", { Location: "s3://lake/old/" })];
    const prefixes = ["dt=2026-11-21/hour=7/"];
    const kept = plan({ prefixes, partitions });
    expect(kept).to.deep.include({ create: [], update: [], existed: 0, conflicts: 1 });
    expect(kept.examples[0]).to.include("s3://lake/old/").and.to.include("strata.partitions.update = true");
    const moved = plan({ prefixes, partitions, parameters: { update: "true" } });
    expect(moved.update).to.deep.equal([
      { values: ["2026-11-21", "07"], location: "s3://lake/raw/dt=2026-11-21/hour=7/" },
    ]);
  });

  it("changes descriptors to the table's only when it opts in", () => {
    const situation = {
      prefixes: ["dt=2026-11-21/hour=1/"],
      partitions: [partition("2026-11-21", "1", { InputFormat: "other" })],
    };
    expect(plan(situation)).to.deep.include({ update: [], existed: 1 });
    expect(plan({ ...situation, parameters: { update: "true" } }).update).to.have.length(1);
  });

  it("changes columns to the table's when it opts in and old files can still be read", () => {
    const situation = {
      prefixes: ["dt=2026-11-21/hour=1/", "dt=2026-11-21/hour=2/"],
      partitions: [
        partition("2026-11-21", "1", { Columns: [{ Name: "id", Type: "int" }] }),
        partition("2026-11-21", "2", { Columns: [{ Name: "id", Type: "string" }] }),
      ],
    };
    expect(plan(situation)).to.deep.include({ update: [], existed: 2 });
    const { update, conflicts, examples } = plan({ ...situation, parameters: { cascade: "true" } });
    expect(update.map(({ values }) => values)).to.deep.equal([["2026-11-21", "1"]]);
    expect(conflicts).to.equal(1);
    expect(examples[0]).to.include("id cannot be changed from string to bigint");
  });

  describe("deletes", () => {
    const partitions = Array.from({ length: 20 }, (_, hour) => partition("2026-11-20", String(hour)));
    const prefixes = partitions.slice(2).map(({ Values = [] }) => `dt=${Values[0]}/hour=${Values[1]}/`);
    const gone = partitions.slice(0, 2).map(({ Values }) => Values);

    it("nothing unless the table opts in", () => {
      expect(plan({ prefixes, partitions }).delete).to.deep.equal([]);
    });

    it("what no longer exists in S3", () => {
      expect(plan({ prefixes, partitions, parameters: { delete: "true" } }).delete).to.deep.equal(gone);
    });

    it("nothing that is younger than the grace period", () => {
      const young = [
        partition("2026-11-20", "21", {}, new Date(now.getTime() - 86_400_000)),
        ...partitions.slice(1),
      ];
      const parameters = { delete: "true" };
      expect(plan({ prefixes, partitions: young, parameters }).delete).to.deep.equal([["2026-11-20", "1"]]);
      expect(
        plan({ prefixes, partitions: young, parameters: { ...parameters, "delete-grace": "1" } }).delete,
      ).to.have.length(2);
    });

    it("nothing if that would be more than the limit, and says so", () => {
      for (const most of ["1", "5%", "0", "0%"]) {
        const result = plan({ prefixes, partitions, parameters: { delete: "true", "delete-limit": most } });
        expect(result.delete, most).to.deep.equal([]);
        expect(result.deletesBlocked)
          .to.include("2 of 20 partitions no longer exist")
          .and.to.include("strata.partitions.delete-limit");
      }
      for (const most of ["2", "10%"]) {
        const result = plan({ prefixes, partitions, parameters: { delete: "true", "delete-limit": most } });
        expect(result.delete, most).to.have.length(2);
        expect(result).to.not.have.property("deletesBlocked");
      }
    });

    it("nothing when a bucket is suddenly empty", () => {
      expect(plan({ partitions, parameters: { delete: "true" } })).to.have.property("deletesBlocked");
    });

    it("nothing that was not searched: outside the window, at another location, after an incomplete listing", () => {
      const parameters = { delete: "true", "delete-limit": "100" };
      const window = { from: at("2026-11-21") };
      expect(plan({ partitions, parameters, window }).delete).to.deep.equal([]);
      expect(plan({ partitions, parameters, isComplete: false }).delete).to.deep.equal([]);
      const elsewhere = [
        partition("2026-11-20", "1", { Location: "s3://other/" }),
        partition(NULL_VALUE, "1"),
      ];
      expect(
        plan({ partitions: elsewhere, parameters, window: { from: at("2026-11-01") } }).delete,
      ).to.deep.equal([]);
    });
  });
});
