import { expect } from "chai";
import { ensureSpecRequirements } from "../../../local/tools/spec-requirements";
import { handler } from "../../../runtime/specs/build.lambda";
import { rejection } from "../../local/home";
import { machineSettings, suiteFolder } from "../builder/support/machine";
import { specOf } from "./build/build-machine";

describe("packages/build entry", () => {
  const folder = suiteFolder();
  const before = process.env["STRATA_SPEC_REQUIREMENTS"];
  afterEach(() => {
    if (before === undefined) delete process.env["STRATA_SPEC_REQUIREMENTS"];
    else process.env["STRATA_SPEC_REQUIREMENTS"] = before;
  });

  it("builds with what the environment names, and refuses a payload that isn't a request", async () => {
    delete process.env["STRATA_SPEC_REQUIREMENTS"];
    const request = { spec: specOf(), packageName: "pets", version: "1.2.0" };
    const unset = await rejection(handler(request));
    expect(unset).to.have.property("name", "BugError");
    expect(unset.message).to.contain("STRATA_SPEC_REQUIREMENTS");
    const tools = machineSettings(folder);
    process.env["STRATA_SPEC_REQUIREMENTS"] = await ensureSpecRequirements({ tools });
    expect(await handler(request)).to.have.property("outcome", "built");
    expect(await handler({ ...request, version: "latest" })).to.have.property("outcome", "refused");
    expect(await rejection(handler({ spec: {} }))).to.have.property("name", "BugError");
  });
});
