import { expect } from "chai";
import { planEviction } from "../../../../runtime/builder/build/fetch-files";
import { makeWheel } from "../support/packages";
import { spec, Workbench } from "../support/workbench";

const ALWAYS = 1000;

describe("fetching, with a package index that is busy", () => {
  const bench = new Workbench();
  const { packageIndex } = bench;

  it("asks again for a file, and then builds", async () => {
    const wheel = makeWheel({ name: "slow" });
    const path = `/files/${wheel.filename}`;
    packageIndex.add("slow", wheel);
    let before = 0;
    const result = await bench.build(spec("slow"), (item) => {
      before = packageIndex.timesAsked(path);
      packageIndex.busy.set(path, 2);
      return item;
    });
    expect(result).to.have.property("status", "built");
    expect(packageIndex.timesAsked(path) - before).to.equal(3);
  });

  it("fails as network when the index stays busy, after a limited number of attempts", async () => {
    const wheel = makeWheel({ name: "stuck" });
    const path = `/files/${wheel.filename}`;
    packageIndex.add("stuck", wheel);
    let before = 0;
    const failure = await bench.buildFailure(spec("stuck"), (item) => {
      before = packageIndex.timesAsked(path);
      packageIndex.busy.set(path, ALWAYS);
      return item;
    });
    expect(failure).to.have.property("kind", "network");
    expect(failure.lastLines.join()).to.include("503");
    expect(packageIndex.timesAsked(path) - before).to.equal(1 + bench.settings.retries.retries);
  });
});

describe("cache of files", () => {
  it("removes the files that were not used for the longest time, until the rest fits", () => {
    const files = [3, 1, 2].map((used) => ({ folder: String(used), bytes: 10, used }));
    expect(planEviction(files, 15).map(({ folder }) => folder)).to.deep.equal(["1", "2"]);
    expect(planEviction(files, 30)).to.be.empty;
  });
});
