import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { SETTING_KEYS } from "../../../stacks/settings/settings";
import { SETTINGS_FILES } from "../../../tasks/development/settings-docs";

describe("what is written from the declared settings", () => {
  for (const [name, render] of Object.entries(SETTINGS_FILES)) {
    it(`is up to date in ${name}`, () => {
      const text = readFileSync(join(__dirname, "../../..", name), "utf8");
      expect(render(text) === text, `${name} is stale: run ./strata settings`).to.equal(true);
      for (const key of SETTING_KEYS) expect(text).to.match(new RegExp(`(strata:|^ {2})${key}\\b`, "m"));
    });

    it(`replaces all that ${name} said of settings, and nothing else`, () => {
      const text = readFileSync(join(__dirname, "../../..", name), "utf8");
      const stale = text.replace("layerPrefix", "layerSuffix");
      expect(stale).not.to.equal(text);
      expect(render(stale)).to.equal(text);
      expect(render(text.replace("strata", "STRATA"))).not.to.equal(text);
    });
  }
});
