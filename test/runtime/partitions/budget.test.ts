import { expect } from "chai";
import { budgetFor, budgetOf } from "../../../runtime/partitions/budget";

describe("budgetOf", () => {
  /** Whether listing and writing are over when `left` of `total` milliseconds remain. */
  const overAt = (total: number, left: number): readonly boolean[] => {
    let remaining = total;
    const budget = budgetOf(() => remaining);
    remaining = left;
    return [budget.listingIsOver(), budget.isOver()];
  };

  it("reserves time for writing, and time for storing the result", () => {
    const total = 900_000;
    expect(overAt(total, 361_000)).to.deep.equal([false, false]);
    expect(overAt(total, 359_000)).to.deep.equal([true, false]);
    expect(overAt(total, 29_000)).to.deep.equal([true, true]);
  });

  it("reserves a quarter if the time is short", () => {
    expect(overAt(60_000, 16_000)).to.deep.equal([true, false]);
    expect(overAt(60_000, 14_000)).to.deep.equal([true, true]);
  });

  it("does not end outside Lambda", () => {
    const budget = budgetFor(undefined);
    expect([budget.listingIsOver(), budget.isOver()]).to.deep.equal([false, false]);
  });
});
