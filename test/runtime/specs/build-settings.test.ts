import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { specBuildSettings } from "../../../runtime/specs/build-settings";
import { suiteFolder } from "../builder/support/machine";

describe("the settings of spec builds", () => {
  const folder = suiteFolder();
  const read = (environment: NodeJS.ProcessEnv) => () =>
    specBuildSettings({ STRATA_SPEC_REQUIREMENTS: folder, ...environment });

  it("take the Python that the requirements were installed for", () => {
    writeFileSync(join(folder, "installed"), "3.12\n");
    const pythons = { "3.12": "/usr/bin/python3.12", "3.13": "/usr/bin/python3.13" };
    const settings = read({ STRATA_PYTHONS: JSON.stringify(pythons) })();
    expect(settings).to.include({ python: "/usr/bin/python3.12", requirements: folder });
  });

  it("are wrong, and that is our bug, when that Python or the requirements are missing", () => {
    writeFileSync(join(folder, "installed"), "3.12");
    expect(read({ STRATA_PYTHONS: '{"3.13":"/usr/bin/python3.13"}' }))
      .to.throw("for Python 3.12")
      .with.property("name", "BugError");
    const elsewhere = { STRATA_PYTHONS: "{}", STRATA_SPEC_REQUIREMENTS: join(folder, "missing") };
    expect(read(elsewhere)).to.throw("doesn't hold the requirements").with.property("name", "BugError");
    expect(read({})).to.throw("STRATA_PYTHONS").with.property("name", "BugError");
  });
});
