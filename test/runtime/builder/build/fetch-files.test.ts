import { expect } from "chai";
import { planEviction } from "../../../../runtime/builder/build/fetch-files";
import { makeWheel } from "../support/packages";
import { spec, Workbench } from "../support/workbench";

const ALWAYS = 1000;

describe("fetching, from an index that is busy", () => {
  const bench = new Workbench();
  const { index } = bench;

  it("asks again for a file, and then builds", async () => {
    const wheel = makeWheel({ name: "slow" });
    const path = `/files/${wheel.filename}`;
    index.add("slow", wheel);
    let before = 0;
    const result = await bench.build(spec("slow"), (item) => {
      before = index.timesAsked(path);
      index.busy.set(path, 2);
      return item;
    });
    expect(result).to.have.property("status", "built");
    expect(index.timesAsked(path) - before).to.equal(3);
  });

  it("calls it network when a file stays refused, after a bounded number of attempts", async () => {
    const wheel = makeWheel({ name: "stuck" });
    const path = `/files/${wheel.filename}`;
    index.add("stuck", wheel);
    let before = 0;
    const failure = await bench.buildFailure(spec("stuck"), (item) => {
      before = index.timesAsked(path);
      index.busy.set(path, ALWAYS);
      return item;
    });
    expect(failure).to.have.property("kind", "network");
    expect(failure.lastLines.join()).to.include("503");
    expect(index.timesAsked(path) - before).to.equal(1 + bench.settings.retries.retries);
  });
});

describe("cache of files", () => {
  it("drops the longest unused until the rest fits", () => {
    const files = [3, 1, 2].map((used) => ({ folder: String(used), bytes: 10, used }));
    expect(planEviction(files, 15).map(({ folder }) => folder)).to.deep.equal(["1", "2"]);
    expect(planEviction(files, 30)).to.be.empty;
  });
});
