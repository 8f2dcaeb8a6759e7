import { expect } from "chai";
import { isEverything, overlaps, planWindow } from "../../../../runtime/partitions/layout/window";
import { at } from "./partitioned";

const now = new Date("2026-11-21T13:07:00Z");
const defaults = { lookBackDays: 3, lookAheadDays: 0 };

describe("planWindow", () => {
  it("looks at today and the days of the look-back, whole and in UTC", () => {
    expect(planWindow({}, {}, defaults, now)).to.deep.equal({ from: at("2026-11-18"), to: at("2026-11-22") });
  });

  it("prefers the table's settings to the deployment's", () => {
    const window = planWindow({}, { lookBackDays: 0, lookAheadDays: 2 }, defaults, now);
    expect(window).to.deep.equal({ from: at("2026-11-21"), to: at("2026-11-24") });
    expect(isEverything(planWindow({}, { lookBackDays: "all" }, defaults, now))).to.equal(true);
  });

  it("includes both days that a run asks for, whatever the settings are", () => {
    const window = planWindow(
      { from: "2026-01-01", to: "2026-01-02" },
      { lookBackDays: "all" },
      defaults,
      now,
    );
    expect(window).to.deep.equal({ from: at("2026-01-01"), to: at("2026-01-03") });
    expect(planWindow({ from: "2026-01-01" }, {}, defaults, now)).to.deep.equal({ from: at("2026-01-01") });
    expect(planWindow({ to: "2026-01-01" }, {}, defaults, now)).to.deep.equal({ to: at("2026-01-02") });
  });

  it("is everything in a full run", () => {
    expect(isEverything(planWindow({ full: true }, {}, defaults, now))).to.equal(true);
  });
});

describe("overlaps", () => {
  it("includes the first moment of the window, and excludes its end", () => {
    const window = { from: 10, to: 20 };
    expect(overlaps({ from: 5, to: 10 }, window)).to.equal(false);
    expect(overlaps({ from: 5, to: 11 }, window)).to.equal(true);
    expect(overlaps({ from: 19, to: 30 }, window)).to.equal(true);
    expect(overlaps({ from: 20, to: 30 }, window)).to.equal(false);
    expect(overlaps({ from: 20, to: 30 }, {})).to.equal(true);
  });
});
