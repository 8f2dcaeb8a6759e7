import { expect } from "chai";
import { SETTING_GROUPS, SettingsError, parseSettings } from "../../../stacks/settings/settings";
import { DEFAULTS, itRefuses, settingsOf } from "./read-settings";

describe("settings", () => {
  it("takes text as Pulumi keeps it and gives typed values, by service", () => {
    const settings = settingsOf();
    expect(settings.stage).to.deep.include({
      pythons: ["3.12", "3.13"],
      schedules: false,
      stage: "dev",
      homeRegion: "us-east-1",
    });
    expect(settings.layers).to.deep.include({ layerPrefix: "strata", layerExpiryDays: 365 });
  });

  it("are declared by one service each", () => {
    const keys = Object.values(SETTING_GROUPS).flatMap((group) => Object.keys(group));
    expect([...new Set(keys)]).to.deep.equal(keys);
  });

  itRefuses([
    ["an unknown key", { colour: "red" }, /strata:colour: no such setting/],
    ["a catalog", { catalog: "mine" }, /strata:catalog: "mine" was given; it must be one of test, prod/],
    ["a missing key", { layerPrefix: undefined }, /strata:layerPrefix: nothing was given; it must be/],
  ]);

  it("lists every wrong key at once", () => {
    expect(() => settingsOf({ catalog: "x", layerVisibility: "y" }))
      .to.throw(SettingsError, /strata:catalog/)
      .with.property("message")
      .that.matches(/strata:layerVisibility/);
  });

  it("wants a home region", () => {
    expect(() => parseSettings(DEFAULTS, "dev", undefined)).to.throw(/aws:region: nothing was given/);
  });
});
