import { expect } from "chai";
import {
  type RawSettings,
  SETTING_GROUPS,
  type Settings,
  SettingsError,
  parseSettings,
} from "../../../stacks/settings/settings";

/** A configuration as Pulumi keeps it when a stack's file sets nothing: every default, as text. */
export const DEFAULTS: RawSettings = Object.fromEntries(
  Object.values(SETTING_GROUPS)
    .flatMap((group) => Object.entries(group))
    .map(([key, { default: value }]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
);

/** The settings of a stage `dev` whose file sets these. */
export function settingsOf(
  changes: RawSettings = {},
  homeRegion: string | undefined = "us-east-1",
): Settings {
  return parseSettings({ ...DEFAULTS, ...changes }, "dev", homeRegion);
}

/** A wrong value, by what it is: what the stage's file sets, and what the message says. */
export type RefusedCase = readonly [what: string, changes: RawSettings, message: RegExp];

/** Adds a test for each wrong value. */
export function itRefuses(cases: readonly RefusedCase[]): void {
  for (const [what, changes, message] of cases) {
    it(`names the key, what was given and what is allowed: ${what}`, () => {
      expect(() => settingsOf(changes))
        .to.throw(SettingsError, message)
        .with.property("message")
        .that.matches(/^Pulumi\.dev\.yaml cannot be used:/);
    });
  }
}
