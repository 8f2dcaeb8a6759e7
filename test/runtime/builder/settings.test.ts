import { expect } from "chai";
import { parseSettings } from "../../../runtime/builder/settings";

describe("builder settings", () => {
  it("are read from the environment, and the message names a variable that is wrong", () => {
    const good = { STRATA_UV: "/uv", STRATA_PYTHONS: '{"3.12":"/python"}', STRATA_CACHE: "/cache" };
    expect(parseSettings(good)).to.deep.include({
      uv: "/uv",
      pythons: { "3.12": "/python" },
      cache: "/cache",
    });
    expect(() => parseSettings({ ...good, STRATA_PYTHONS: "{" })).to.throw("STRATA_PYTHONS: must be JSON");
    expect(() => parseSettings({ STRATA_PYTHONS: "{}" })).to.throw("STRATA_UV");
  });
});
