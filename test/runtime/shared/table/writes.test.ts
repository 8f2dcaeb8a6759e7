import { expect } from "chai";
import { writeAll } from "../../../../runtime/shared/table/writes";
import { thrownBy } from "../recorder";

describe("writeAll", () => {
  it("writes all items, 25 at a time, and repeats a batch with unprocessed items", async () => {
    const batches: number[][] = [];
    const items = Array.from({ length: 60 }, (_, index) => index);
    await writeAll(items, (batch) => {
      batches.push(batch);
      return Promise.resolve({ unprocessed: batches.length === 2 ? [1] : [] });
    });
    expect(batches.map(({ length }) => length)).to.deep.equal([25, 25, 25, 10]);
    expect([...new Set(batches.flat())]).to.deep.equal(items);
  });

  it("gives up on a table that stays too busy", async () => {
    const error = await thrownBy(() => writeAll([1], () => Promise.resolve({ unprocessed: [1] })));
    expect(error.name).to.equal("UpstreamError");
  });
});
