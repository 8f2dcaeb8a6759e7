import { expect } from "chai";
import fc from "fast-check";
import { findPartitions } from "../../../../runtime/partitions/lake/find-partitions";
import { openFolders } from "../../../../runtime/partitions/lake/folders";
import { FoundPartitions } from "../../../../runtime/partitions/lake/found-partitions";
import type { Layout } from "../../../../runtime/partitions/layout/layout";
import { parseLocation } from "../../../../runtime/partitions/lake/location";
import type { Window } from "../../../../runtime/partitions/layout/window";
import { FakeBuckets } from "./fake-bucket";
import { at, hiveFrom, keysOf, layoutFrom } from "../layout/partitioned";

const KEYS = ["year", "month", "day"];
const DAILY = layoutFrom("{year}/{month}/{day}", ...KEYS);

/** Finds the partitions at `s3://lake/<place>`. */
async function find(
  buckets: FakeBuckets,
  layout: Layout,
  { place = "events/", window = {}, keys = KEYS }: { place?: string; window?: Window; keys?: string[] } = {},
): Promise<{ found: FoundPartitions; values: string[] }> {
  const found = new FoundPartitions(layout, keysOf(...keys), window);
  const location = parseLocation(`s3://lake/${place}`);
  const list = openFolders(buckets.client(), "lake");
  await findPartitions({ layout, location, window, list, found, isLarge: false, isOver: () => false });
  return { found, values: [...found.values()].map((values) => values.join("/")).sort() };
}

/** Folders of `count` days from 2020 on: `2020/01/01/`. */
const daysOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(2020, 0, 1 + index)).toISOString().slice(0, 10).replaceAll("-", "/").concat("/"),
  );

describe("findPartitions", () => {
  it("finds the same by listing folders as by listing objects", async () => {
    const part = fc.constantFrom(
      "2024",
      "2025",
      "01",
      "12",
      "31",
      "99",
      "_temporary",
      ".x",
      "",
      "a b",
      "ü+%",
    );
    const key = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `events/${parts.join("/")}`);
    await fc.assert(
      fc.asyncProperty(fc.array(key, { maxLength: 30 }), async (keys) => {
        const summary = async (buckets: FakeBuckets) => {
          const { found, values } = await find(buckets, DAILY);
          return [values, found.ignored, found.problems, [...found.examples].sort()];
        };
        const few = new FakeBuckets();
        few.put("lake", ...keys);
        const many = new FakeBuckets();
        many.put("lake", ...keys);
        many.pageSize = 2;
        expect(await summary(few)).to.deep.equal(await summary(many));
      }),
      { numRuns: 60 },
    );
  });

  it("needs one call if all objects of the table fit on a page", async () => {
    const buckets = new FakeBuckets();
    buckets.put("lake", ...daysOf(900).map((day) => `events/${day}x`));
    const { values } = await find(buckets, DAILY);
    expect(values).to.have.length(900);
    expect(buckets.listed).to.have.length(1);
  });

  it("reads all pages of more than 1,000 folders", async () => {
    const buckets = new FakeBuckets();
    const names = Array.from({ length: 2345 }, (_, index) => `n${index}`);
    buckets.put("lake", ...names.map((name) => `events/name=${name}/x`));
    const { values } = await find(buckets, hiveFrom("name"), { keys: ["name"] });
    expect(values).to.have.length(2345);
    expect(buckets.listed).to.have.length(3);
    expect(buckets.listed.every(({ delimiter }) => delimiter === "/")).to.equal(true);
  });

  it("wastes few probes if folders are full", async () => {
    const buckets = new FakeBuckets();
    const files = daysOf(200).flatMap((day) =>
      Array.from({ length: 100 }, (_, file) => `events/${day}${file}`),
    );
    buckets.put("lake", ...files);
    const { values } = await find(buckets, DAILY);
    expect(values).to.have.length(200);
    // The year and its seven months by folder, and one wasted probe for each level above them.
    const probes = buckets.listed.filter(({ delimiter }) => delimiter === "");
    expect(probes).to.have.length(2);
    expect(buckets.listed).to.have.length(2 + 1 + 1 + 7);
  });

  it("looks only where the window may contain something", async () => {
    const buckets = new FakeBuckets();
    buckets.put("lake", ...daysOf(3000).map((day) => `events/${day}x`));
    const window = { from: at("2024-02-28"), to: at("2024-03-02") };
    const { values } = await find(buckets, DAILY, { window });
    expect(values).to.deep.equal(["2024/02/28", "2024/02/29", "2024/03/01"]);
    expect(buckets.listed.length).to.be.at.most(4);
  });

  for (const [what, place] of [
    ["at the bucket's root", ""],
    ["without a trailing slash", "deep/events"],
    ["with a double slash", "deep//events/"],
  ] satisfies [string, string][]) {
    it(`lists a location ${what}`, async () => {
      const buckets = new FakeBuckets();
      const base = place === "" || place.endsWith("/") ? place : `${place}/`;
      buckets.put("lake", `${base}2026/11/21/x`, "elsewhere");
      expect((await find(buckets, DAILY, { place })).values).to.deep.equal(["2026/11/21"]);
    });
  }

  it("reads names with any characters", async () => {
    const buckets = new FakeBuckets();
    buckets.put("lake", "events/name=a%3Ab/x", "events/name=c=d/x", "events/name=e f+g&\u0001/x");
    const { values } = await find(buckets, hiveFrom("name"), { keys: ["name"] });
    expect(values).to.deep.equal(["a:b", "c=d", "e f+g&\u0001"]);
  });

  it("finds nothing in an empty location", async () => {
    const { found } = await find(new FakeBuckets(), DAILY);
    expect([found.size, found.ignored, found.problems]).to.deep.equal([0, 0, 0]);
  });
});
