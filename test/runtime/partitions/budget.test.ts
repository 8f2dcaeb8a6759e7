import { expect } from "chai";
import { budgetFor, budgetOf } from "../../../runtime/partitions/budget";

describe("budgetOf", () => {
  /** What is over when so many of `total` milliseconds are left. */
  const overAt = (total: number, left: number): readonly boolean[] => {
    let remaining = total;
    const budget = budgetOf(() => remaining);
    remaining = left;
    return [budget.listingIsOver(), budget.isOver()];
  };

  it("keeps time for writing from listing, and for the store from writing", () => {
    const total = 900_000;
    expect(overAt(total, 361_000)).to.deep.equal([false, false]);
    expect(overAt(total, 359_000)).to.deep.equal([true, false]);
    expect(overAt(total, 29_000)).to.deep.equal([true, true]);
  });

  it("keeps a quarter of a short time", () => {
    expect(overAt(60_000, 16_000)).to.deep.equal([true, false]);
    expect(overAt(60_000, 14_000)).to.deep.equal([true, true]);
  });

  it("has no end outside Lambda", () => {
    const budget = budgetFor(undefined);
    expect([budget.listingIsOver(), budget.isOver()]).to.deep.equal([false, false]);
  });
});
