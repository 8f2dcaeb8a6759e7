import { expect } from "chai";
import { isOptedOut, readTableSettings } from "../../../../runtime/partitions/table/table-settings";
import { UserError } from "../../../../runtime/shared/errors";

const read = (name: string, value: string) => readTableSettings({ [`strata.partitions.${name}`]: value });

describe("readTableSettings", () => {
  it("changes and deletes nothing unless the table says so", () => {
    expect(readTableSettings({ classification: "json" })).to.deep.equal({
      update: false,
      delete: false,
      deleteGraceDays: 7,
      deleteLimit: { percent: 10 },
      cascade: false,
      indexes: [],
    });
  });

  for (const [name, value, setting] of [
    ["layout", " {year}/{month} ", { layout: "{year}/{month}" }],
    ["look-back", "14", { lookBackDays: 14 }],
    ["look-back", "ALL", { lookBackDays: "all" }],
    ["look-ahead", "0", { lookAheadDays: 0 }],
    ["update", "True", { update: true }],
    ["delete", "true", { delete: true }],
    ["delete-grace", "0", { deleteGraceDays: 0 }],
    ["delete-limit", "100", { deleteLimit: { count: 100 } }],
    ["delete-limit", "5%", { deleteLimit: { percent: 5 } }],
    ["cascade", "true", { cascade: true }],
    ["freshness", "6", { freshnessHours: 6 }],
    ["indexes", "Year, month;region", { indexes: [["year", "month"], ["region"]] }],
  ] as const) {
    it(`reads ${name} = ${value}`, () => expect(read(name, value)).to.deep.include(setting));
  }

  for (const [name, value, allowed] of [
    ["enabled", "no", "true or false"],
    ["layout", "", "a template such as"],
    ["look-back", "-1", "or all"],
    ["look-back", "three", "or all"],
    ["look-ahead", "all", "a whole number"],
    ["update", "yes", "true or false"],
    ["delete", "", "true or false"],
    ["delete-grace", "1.5", "a whole number"],
    ["delete-limit", "101%", "a percentage such as 5%"],
    ["delete-limit", "some", "a percentage such as 5%"],
    ["cascade", "1", "true or false"],
    ["freshness", "1h", "a whole number"],
    ["indexes", "year,,month", "lists of keys"],
    ["indexes", "a;b;c;d", "one to 3 lists"],
  ] as const) {
    it(`refuses ${name} = "${value}", naming it and what is allowed`, () => {
      expect(() => read(name, value))
        .to.throw(UserError, `strata.partitions.${name} is "${value}". Set it to `)
        .with.property("message")
        .that.includes(allowed);
    });
  }

  it("refuses a parameter that is misspelt", () => {
    expect(() => read("lookback", "3")).to.throw(UserError, "no parameter strata.partitions.lookback");
  });
});

describe("isOptedOut", () => {
  it("is true only if the table says enabled = false", () => {
    expect(isOptedOut({ "strata.partitions.enabled": "False" })).to.equal(true);
    expect(isOptedOut({ "strata.partitions.enabled": "true" })).to.equal(false);
    expect(isOptedOut()).to.equal(false);
  });
});
