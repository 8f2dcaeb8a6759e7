import { expect } from "chai";
import { CREATES_PER_CALL, DELETES_PER_CALL, inBatches } from "../../../../runtime/partitions/glue/limits";

describe("inBatches", () => {
  it("gives no call more than Glue takes, and loses none", () => {
    const items = Array.from({ length: 10_000 }, (_, index) => index);
    const batches = inBatches(items, CREATES_PER_CALL);
    expect(batches).to.have.length(100);
    expect(batches.flat()).to.deep.equal(items);
    expect(inBatches(items.slice(0, 26), DELETES_PER_CALL).map((batch) => batch.length)).to.deep.equal([
      25, 1,
    ]);
    expect(inBatches([], 5)).to.deep.equal([]);
  });
});
