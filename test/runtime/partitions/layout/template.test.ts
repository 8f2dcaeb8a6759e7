import { expect } from "chai";
import { parseTemplate } from "../../../../runtime/partitions/layout/template";
import { UserError } from "../../../../runtime/shared/errors";
import { keysOf, layoutFrom } from "./partitioned";

describe("parseTemplate", () => {
  for (const [template, problem] of [
    ["{year}/{month", "a brace is not closed"],
    ["{year}", "{month} is missing"],
    ["{year}/{month}/{year}", "it contains {year} twice"],
    ["{year}/{month}/{hour}", "{hour} is not one of the table's partition keys (year, month)"],
    ["{year}//{month}", "a folder without a name"],
    ["{year:yy}/{month}", '"yy" is not a time format'],
    ["{year:}/{month}", "is not a time format"],
    ["{year:-}/{month}", "is not a time format"],
  ] as const) {
    it(`refuses ${template}`, () => {
      expect(() => parseTemplate(template, keysOf("year", "month"))).to.throw(UserError, problem);
    });
  }

  it("refuses values with nothing between them", () => {
    expect(() => parseTemplate("{a}{b}", keysOf("a", "b"))).to.throw(UserError, "side by side");
    expect(layoutFrom("{a:yyyy}{b:MM}", "a", "b").parse("202611/")).to.deep.equal({
      kind: "partition",
      values: ["2026", "11"],
    });
  });

  it("names the parameter to set", () => {
    expect(() => parseTemplate("{x}", keysOf("a"))).to.throw("strata.partitions.layout");
  });

  it("accepts keys in another order than the table's, and slashes at both ends", () => {
    const layout = layoutFrom("/{b}/{a}/", "a", "b");
    expect(layout.parse("x/y/")).to.deep.equal({ kind: "partition", values: ["y", "x"] });
  });
});
