import { expect } from "chai";
import { pickSamples } from "../../../../runtime/partitions/layout/samples";

describe("pickSamples", () => {
  it("has the first, the last and some between, and no junk", () => {
    const names = Array.from({ length: 100 }, (_, index) => `${String(index).padStart(3, "0")}/`);
    expect(pickSamples(["_temporary/", ...names, ".x/"], 3)).to.deep.equal(["000/", "050/", "099/"]);
  });

  it("has all of a few", () => expect(pickSamples(["a/", "b/"], 3)).to.deep.equal(["a/", "b/"]));
});
