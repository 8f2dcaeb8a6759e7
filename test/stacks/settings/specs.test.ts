import { expect } from "chai";
import { itRefuses, settingsOf } from "./read-settings";

describe("the settings of specs", () => {
  it("take rollouts", () => {
    const specRollout = { build: { stableVersion: "7", newestPercent: 10 } };
    const { specs } = settingsOf({ specRollout: JSON.stringify(specRollout) });
    expect(specs).to.deep.include({ specRollout });
  });

  itRefuses([
    [
      "a time",
      { specCanarySchedule: "hourly" },
      /strata:specCanarySchedule: "hourly" was given; it must be rate/,
    ],
    [
      "a version that is no text",
      { specRollout: '{"build":{"stableVersion":7,"newestPercent":10}}' },
      /strata:specRollout\[build\]\[stableVersion\]: 7 was given; it must be the number of a published version in quotes/,
    ],
    [
      "a share that is everything",
      { specRollout: '{"handle":{"stableVersion":"7","newestPercent":100}}' },
      /\[handle\]\[newestPercent\]: 100 was given; it must be a whole number from 0 to 99/,
    ],
    [
      "a rollout of something else",
      { specRollout: '{"index":{}}' },
      /strata:specRollout\[index\]: no such setting/,
    ],
    [
      "a rollout without version",
      { specRollout: '{"build":{"newestPercent":1}}' },
      /\[stableVersion\]: nothing was given/,
    ],
  ]);
});
