import { expect } from "chai";
import { renderAdvice } from "../../../tasks/partitions/advice";

describe("renderAdvice", () => {
  const table = { database: "sales_raw", table: "orders" };
  const eligible = {
    ...table,
    eligible: true,
    properties: { "projection.enabled": "true", "projection.day.type": "date" },
    notes: ["Only Athena uses these properties."],
  };

  it("shows properties that can be copied", () => {
    expect(renderAdvice([{ ...eligible, applied: false }])).to.equal(
      "sales_raw.orders could use partition projection:\n  projection.enabled = true\n  projection.day.type = date\n" +
        "Only Athena uses these properties.",
    );
  });

  it("says when they are set", () => {
    expect(renderAdvice([{ ...eligible, applied: true }])).to.match(
      /^sales_raw\.orders uses partition projection now:/,
    );
  });

  it("says why a table cannot use projection", () => {
    const given = {
      ...table,
      eligible: false,
      reason: "country has free text.",
      properties: {},
      notes: [],
      applied: false,
    };
    expect(renderAdvice([given])).to.equal(
      "sales_raw.orders: no partition projection: country has free text.",
    );
  });
});
