import { expect } from "chai";
import fc from "fast-check";
import { fieldsAt, rangeOf, type Unit } from "../../../../runtime/partitions/layout/moment";
import { at } from "./partitioned";

describe("rangeOf", () => {
  for (const [name, fields, from, to] of [
    ["a year", { yyyy: 2026 }, "2026-01-01", "2027-01-01"],
    ["a December", { yyyy: 2026, MM: 12 }, "2026-12-01", "2027-01-01"],
    ["a day", { yyyy: 2024, MM: 2, dd: 29 }, "2024-02-29", "2024-03-01"],
    ["an hour", { yyyy: 2026, MM: 11, dd: 21, HH: 23 }, "2026-11-21T23:00:00", "2026-11-22"],
    ["a year with a gap below it", { yyyy: 2026, dd: 3 }, "2026-01-01", "2027-01-01"],
    ["the week that 2021 begins in", { YYYY: 2020, ww: 53 }, "2020-12-28", "2021-01-04"],
    ["a year of weeks", { YYYY: 2026 }, "2025-12-29", "2027-01-04"],
    ["seconds", { epoch: 1_763_700_000 }, "2025-11-21T04:40:00", "2025-11-21T04:40:01"],
  ] as const) {
    it(`knows ${name}`, () => {
      expect(rangeOf(fields)).to.deep.equal({ from: at(from), to: at(to) });
    });
  }

  for (const fields of [
    { yyyy: 2026, MM: 2, dd: 30 },
    { yyyy: 2026, MM: 13 },
    { YYYY: 2026, ww: 54 },
    { dd: 3 },
  ]) {
    it(`knows no time ${JSON.stringify(fields)}`, () => expect(rangeOf(fields)).to.equal(undefined));
  }

  it("contains the moment of the fields", () => {
    const moment = fc.integer({ min: at("1990-01-01"), max: at("2099-12-31") });
    const units = fc.constantFrom<Unit[]>(
      ["yyyy", "MM", "dd"],
      ["yyyy", "MM", "dd", "HH"],
      ["YYYY", "ww"],
      ["epoch"],
    );
    fc.assert(
      fc.property(moment, units, (now, some) => {
        const fields = fieldsAt(now);
        const range = rangeOf(Object.fromEntries(some.map((unit) => [unit, fields[unit]])));
        expect(range?.from).to.be.at.most(now);
        expect(range?.to).to.be.above(now);
      }),
    );
  });
});
