import { expect } from "chai";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildResult } from "../../../runtime/contracts/builder";
import { anyInterpreter, interpreterFor } from "../../../runtime/builder/interpreters";
import type { BuilderSettings } from "../../../runtime/builder/settings";
import { makeWheel } from "./support/packages";
import { spec, Workbench } from "./support/workbench";

describe("interpreters", () => {
  const bench = new Workbench();
  const { packageIndex, python } = bench;
  const working = bench.settings.pythons[python] ?? "";
  const other = python === "3.12" ? "3.13" : "3.12";

  /** A shim, as a version manager leaves it on PATH for a Python that isn't active. */
  function brokenShim(): string {
    const path = join(bench.folder, `python${other}`);
    writeFileSync(path, "#!/bin/sh\nexit 127\n");
    chmodSync(path, 0o755);
    return path;
  }

  async function buildForOther(name: string, pythons: BuilderSettings["pythons"]): Promise<BuildResult> {
    packageIndex.add(name, makeWheel({ name }));
    const settings = { ...bench.settings, pythons };
    const { version, lock, buildKey } = await bench.resolveOne(spec(name), other);
    const architectures = ["x86_64", "arm64"] as const;
    const item = { package: spec(name), version, python: other, architectures, lock, buildKey };
    return bench.buildItem(item, settings);
  }

  it("that are missing leave a layer unverified, with the reason", async () => {
    const result = await buildForOther("lonely", { [python]: working });
    expect(result).to.have.property("status", "built");
    expect(result)
      .to.have.property("importTest")
      .that.deep.equals({
        status: "unverified",
        modules: ["lonely"],
        reason: `The builder has no working Python ${other}.`,
      });
  });

  it("that exist but don't run count as missing", async () => {
    const result = await buildForOther("shimmed", { [other]: brokenShim(), [python]: working });
    expect(result).to.have.property("status", "built");
    expect(result).to.have.nested.property("importTest.status", "unverified");
    expect(result).to.have.nested.property("importTest.reason").that.includes(`no working Python ${other}`);
  });

  it("are used only when they have the version that their entry says", async () => {
    const settings = { ...bench.settings, pythons: { [other]: working, [python]: working } };
    expect(await interpreterFor(settings, other)).to.equal(undefined);
    expect(await anyInterpreter(settings, other)).to.equal(working);
  });

  it("cause an error when none of them works", async () => {
    const settings = { ...bench.settings, pythons: { [other]: brokenShim(), "3.11": "/nowhere/python" } };
    const error = await anyInterpreter(settings, other).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(Error).and.have.property("name", "BugError");
    expect((error as Error).message).to.include("STRATA_PYTHONS");
  });
});
