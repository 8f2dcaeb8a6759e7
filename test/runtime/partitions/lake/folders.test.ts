import { expect } from "chai";
import { openFolders, pickSamples, sampleFolders } from "../../../../runtime/partitions/lake/folders";
import { parseLocation } from "../../../../runtime/partitions/lake/location";
import { hoursBack } from "../world";
import { FakeBuckets } from "./fake-bucket";

/** Samples the folders of a lake with these prefixes, for a table of four keys. */
async function sample(buckets: FakeBuckets, prefixes: readonly string[]): Promise<readonly string[]> {
  buckets.put("lake", ...prefixes.map((prefix) => `events/${prefix}x`));
  return sampleFolders(openFolders(buckets.client(), "lake"), parseLocation("s3://lake/events/"), 4);
}

describe("sampleFolders", () => {
  it("answers the deepest folders, with a limited number of calls", async () => {
    const buckets = new FakeBuckets();
    const samples = await sample(buckets, hoursBack(24 * 400));
    expect(samples).to.include("2026/11/21/10/");
    expect(samples.every((prefix) => prefix.split("/").length === 5)).to.equal(true);
    expect(buckets.listed.length).to.be.at.most(1 + 4 * 6);
  });

  it("looks no deeper than the folder of the last key", async () => {
    const buckets = new FakeBuckets();
    const prefix = "year=2026/month=11/day=21/hour=10/";
    expect(await sample(buckets, [`${prefix}parts/0/`])).to.deep.equal([prefix]);
    expect(buckets.listed).to.have.length(4);
  });

  it("leaves out folders without partitions", async () => {
    const buckets = new FakeBuckets();
    expect(await sample(buckets, ["_temporary/0/1/2/3/", "2026/11/"])).to.deep.equal(["2026/11/"]);
  });

  it("has no samples of an empty location", async () => {
    expect(await sample(new FakeBuckets(), [])).to.deep.equal([]);
  });
});

describe("pickSamples", () => {
  it("answers the first, the last and some between, and no junk", () => {
    const names = Array.from({ length: 100 }, (_, index) => `${String(index).padStart(3, "0")}/`);
    expect(pickSamples(["_temporary/", ...names, ".x/"], 3)).to.deep.equal(["000/", "050/", "099/"]);
  });

  it("answers all of a few", () => expect(pickSamples(["a/", "b/"], 3)).to.deep.equal(["a/", "b/"]));
});
