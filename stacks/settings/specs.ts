import { z } from "zod";
import { settingsGroup } from "./group";
import { type Kind, oneOf, schedule, text, wholeNumber } from "./kinds";
import { setting } from "./setting";

/** How a function's calls are split while a new version of it is being rolled out. */
const rollout = z.strictObject(
  {
    stableVersion: text(/^[1-9]\d*$/, 'the number of a published version in quotes, such as "7"').schema,
    newestPercent: wholeNumber(0, 99).schema,
  },
  { error: "must be {stableVersion, newestPercent}" },
);

const allowedRollouts = "a map from handle or build to {stableVersion, newestPercent}";
const rolloutSchema = z.strictObject(
  { handle: rollout.exactOptional(), build: rollout.exactOptional() },
  { error: `must be ${allowedRollouts}` },
);
const rollouts: Kind<z.infer<typeof rolloutSchema>> = {
  schema: rolloutSchema,
  type: "object",
  allowed: allowedRollouts,
};

export const specs = settingsGroup({
  settings: {
    packageIndexVisibility: setting({
      kind: oneOf("private", "public"),
      default: "private",
      description:
        "Who may use the owners' package indexes. With private, pip needs the credentials in their secret; with public, none.",
    }),
    specConcurrency: setting({
      kind: wholeNumber(0, 1000),
      default: 5,
      description:
        "Specs handled at one time. It is reserved from the account's concurrency, of which Lambda keeps 100 free; " +
        "0 reserves nothing and sets no limit.",
    }),
    specRollout: setting({
      kind: rollouts,
      default: {},
      description:
        'Rollout of a new version of handle or build, such as {"build": {"stableVersion": "7", "newestPercent": 10}}. ' +
        "A function that is not named runs its newest version.",
    }),
    specCanarySchedule: setting({
      kind: schedule,
      default: "rate(1 hour)",
      description: "When the canary builds and installs a package, where schedules is true.",
    }),
  },
  images: () => ["specs-build", "specs-canary"],
});
