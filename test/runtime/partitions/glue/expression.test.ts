import { expect } from "chai";
import { expressionFor } from "../../../../runtime/partitions/glue/expression";
import { hiveFrom, keysOf, layoutFrom, at } from "../layout/partitioned";

const window = { from: at("2026-10-30"), to: at("2026-11-02") };

describe("expressionFor", () => {
  for (const [template, specs, expression] of [
    ["{dt:yyyy-MM-dd}", ["dt"], "dt >= '2026-10-30' AND dt <= '2026-11-01'"],
    ["{dt:yyyyMMdd}", ["dt:int"], "dt >= 20261030 AND dt <= 20261101"],
    ["{dt:yyyy-MM}", ["dt"], "dt >= '2026-10' AND dt <= '2026-11'"],
    ["{dt:yyyy/MM/dd/HH}", ["dt"], "dt >= '2026/10/30/00' AND dt <= '2026/11/01/23'"],
    ["{dt:dd-MM-yyyy}", ["dt"], "dt IN ('30-10-2026', '31-10-2026', '01-11-2026')"],
    ["{dt:ddMMyyyy}", ["dt:date"], "dt >= '2026-10-30' AND dt <= '2026-11-01'"],
    ["{week:week}", ["week"], "week >= '2026-W44' AND week <= '2026-W44'"],
    ["{at:epoch}", ["at:int"], "at >= 1793318400 AND at <= 1793577599"],
    [
      "{region}/{year}/{month}/{hour}",
      ["region", "year", "month", "hour"],
      "year >= '2026' AND year <= '2026' AND month IN ('10', '11')",
    ],
    // Glue may store a number with or without a leading zero, and compares the text that it stores.
    ["{year}/{month}", ["year:int", "month:int"], "year >= 2026 AND year <= 2026"],
    ["{dt:dd-MM-yyyy}", ["dt:timestamp"], undefined],
    ["{region}", ["region"], undefined],
    ["{table:yyyy-MM-dd}", ["table"], undefined],
    ["{my-date:yyyy-MM-dd}", ["my-date"], undefined],
  ] as const) {
    it(`for ${template} of ${specs.join(", ")}`, () => {
      expect(expressionFor(keysOf(...specs), layoutFrom(template, ...specs), window)).to.equal(expression);
    });
  }

  it("has both spellings of a number whose leading zero is optional", () => {
    const days = { from: at("2026-01-08"), to: at("2026-01-11") };
    const expression = expressionFor(keysOf("year", "day"), hiveFrom("year", "day"), days);
    expect(expression).to.equal("year >= '2026' AND year <= '2026' AND day IN ('08', '8', '09', '9', '10')");
  });

  it("is open where the window is open, and there is none for everything", () => {
    const [keys, layout] = [keysOf("dt"), layoutFrom("{dt:yyyyMMdd}", "dt")];
    expect(expressionFor(keys, layout, { from: window.from })).to.equal("dt >= '20261030'");
    expect(expressionFor(keys, layout, { to: window.to })).to.equal("dt <= '20261101'");
    expect(expressionFor(keys, layout, {})).to.equal(undefined);
  });

  it("has no more characters than Glue accepts", () => {
    const layout = layoutFrom("{year}/{dt:dd-MM-yyyy}", "year", "dt");
    const long = { from: at("2020-01-01"), to: at("2026-01-01") };
    expect(expressionFor(keysOf("year", "dt"), layout, long)).to.equal("year >= '2020' AND year <= '2025'");
  });
});
