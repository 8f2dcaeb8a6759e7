import { expect } from "chai";
import { FoundPartitions } from "../../../../runtime/partitions/lake/found-partitions";
import { NULL_VALUE } from "../../../../runtime/partitions/layout/partition-keys";
import { at, hiveFrom, keysOf } from "../layout/partitioned";

const keys = ["dt:date", "region"];
const window = { from: at("2026-11-18"), to: at("2026-11-22") };

function find(prefixes: readonly string[], within = {}): FoundPartitions {
  const found = new FoundPartitions(hiveFrom(...keys), keysOf(...keys), within);
  prefixes.forEach((prefix) => found.add(prefix));
  return found;
}

describe("FoundPartitions", () => {
  it("counts junk, reports what does not fit, and keeps the rest", () => {
    const found = find([
      "dt=2026-11-21/region=eu/",
      "dt=2026-11-21/region=10%3A30/",
      "_temporary/",
      "dt=2026-11-21/_temporary/",
      "x_$folder$/",
      "dt=2026-11-21//",
      "backup/",
      "dt=full/region=eu/",
    ]);
    expect([...found.values()]).to.deep.equal([
      ["2026-11-21", "eu"],
      ["2026-11-21", "10:30"],
    ]);
    expect(found.ignored).to.equal(4);
    expect(found.problems).to.equal(2);
    expect(found.examples[0]).to.include("backup/");
    expect(found.examples[1]).to.include('dt is "full", which is not of its type date');
  });

  it("leaves out what is outside the window, but keeps what has no time", () => {
    const inside = ["dt=2026-11-18/region=a/", "dt=2026-11-21/region=a/", `dt=${NULL_VALUE}/region=a/`];
    const found = find([...inside, "dt=2026-11-17/region=a/", "dt=2026-11-22/region=a/"], window);
    expect([...found.entries()].map(([, prefix]) => prefix)).to.deep.equal(inside);
    expect([...found.valuesWithoutTime()]).to.deep.equal([[NULL_VALUE, "a"]]);
  });

  it("finds the newest partition by its time, not by the order of names", () => {
    const found = find([`dt=${NULL_VALUE}/region=a/`, "dt=2026-11-20/region=a/", "dt=2026-11-19/region=b/"]);
    expect(found.newest).to.deep.equal({ values: ["2026-11-20", "a"], from: at("2026-11-20") });
    expect(find([]).newest).to.equal(undefined);
  });

  it("keeps one of two prefixes of the same partition and reports the other", () => {
    const found = find(["dt=2026-11-21/region=a/", "DT=2026-11-21/region=a/", "dt=2026-11-21/region=a/"]);
    expect(found.size).to.equal(1);
    expect(found.problems).to.equal(1);
    expect(found.examples[0]).to.include("the same partition as dt=2026-11-21/region=a/");
  });

  it("reports objects above the partitions, and ignores markers there", () => {
    const found = find([]);
    ["dt=2026-11-21/part-0.json", "dt=2026-11-21/", "_SUCCESS", "dt=2026-11-21_$folder$"].forEach((key) =>
      found.addStrayObject(key),
    );
    expect(found.problems).to.equal(1);
    expect(found.ignored).to.equal(3);
    expect(found.examples[0]).to.include("dt=2026-11-21/part-0.json");
  });

  it("keeps a few examples and counts the rest", () => {
    const found = find(Array.from({ length: 100 }, (_, index) => `stray-${index}/`));
    expect(found.problems).to.equal(100);
    expect(found.examples).to.have.length(20);
  });
});
