import { expect } from "chai";
import { planIndexes } from "../../../../runtime/partitions/glue/partition-indexes";
import { UserError } from "../../../../runtime/shared/errors";
import { keysOf } from "../layout/partitioned";

const keys = keysOf("year", "month", "region");

describe("planIndexes", () => {
  it("answers the indexes that do not exist, by their keys in order", () => {
    const wanted = [["year", "month"], ["region"]];
    expect(planIndexes(wanted, [["Year", "month"]], keys)).to.deep.equal([["region"]]);
    expect(planIndexes(wanted, [["month", "year"]], keys)).to.deep.equal(wanted);
  });

  it("refuses a key that the table does not have", () => {
    expect(() => planIndexes([["day"]], [], keys)).to.throw(UserError, "strata.partitions.indexes names day");
  });
});
