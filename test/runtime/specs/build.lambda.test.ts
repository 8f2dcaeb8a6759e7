import { expect } from "chai";
import { ensureSpecRequirements } from "../../../local/tools/spec-requirements";
import { create } from "../../../runtime/specs/build.lambda";
import { machineSettings, suiteFolder } from "../builder/support/machine";
import { recordingLog, thrownBy } from "../shared/recorder";
import { specOf } from "./build/real-spec-builder";

describe("specs/build entry", () => {
  const folder = suiteFolder();
  const request = { spec: specOf(), packageName: "pets", version: "1.2.0" };

  it("builds with what the environment names, refuses a wrong request, and logs both", async () => {
    const tools = machineSettings(folder);
    const STRATA_SPEC_REQUIREMENTS = await ensureSpecRequirements({ tools });
    const log = recordingLog();
    const build = create({ ...process.env, STRATA_SPEC_REQUIREMENTS }, log);
    expect(await build(request)).to.have.property("outcome", "built");
    expect(await build({ ...request, version: "latest" })).to.have.property("outcome", "refused");
    expect(log.lines).to.have.nested.property("[0].fields.outcome", "built");
    expect(log.lines).to.have.nested.property("[1].fields.outcome", "refused");
  });

  it("says which variable is missing, and takes no payload that isn't a request", async () => {
    const unset = await thrownBy(() => create({ STRATA_PYTHONS: "{}" }, recordingLog()));
    expect(unset).to.have.property("name", "BugError");
    expect(unset.message).to.contain("STRATA_SPEC_REQUIREMENTS");
    const tools = machineSettings(folder);
    const STRATA_SPEC_REQUIREMENTS = await ensureSpecRequirements({ tools });
    const build = create({ ...process.env, STRATA_SPEC_REQUIREMENTS }, recordingLog());
    expect(await thrownBy(() => build({ spec: {} }))).to.have.property("name", "BugError");
  });
});
