import { expect } from "chai";
import { ensurePackageRequirements } from "../../../local/package-requirements";
import { handler } from "../../../runtime/packages/build.lambda";
import { rejection } from "../../local/home";
import { machineSettings, suiteFolder } from "../builder/support/machine";
import { specOf } from "./build-machine";

describe("packages/build entry", () => {
  const folder = suiteFolder();
  const before = process.env["STRATA_PACKAGE_REQUIREMENTS"];
  afterEach(() => {
    if (before === undefined) delete process.env["STRATA_PACKAGE_REQUIREMENTS"];
    else process.env["STRATA_PACKAGE_REQUIREMENTS"] = before;
  });

  it("builds with what the environment names, and refuses a payload that isn't a request", async () => {
    delete process.env["STRATA_PACKAGE_REQUIREMENTS"];
    const request = { spec: specOf(), packageName: "pets", version: "1.2.0" };
    const unset = await rejection(handler(request));
    expect(unset).to.have.property("name", "BugError");
    expect(unset.message).to.contain("STRATA_PACKAGE_REQUIREMENTS");
    const tools = machineSettings(folder);
    process.env["STRATA_PACKAGE_REQUIREMENTS"] = await ensurePackageRequirements({ tools });
    expect(await handler(request)).to.have.property("outcome", "built");
    expect(await handler({ ...request, version: "latest" })).to.have.property("outcome", "refused");
    expect(await rejection(handler({ spec: {} }))).to.have.property("name", "BugError");
  });
});
