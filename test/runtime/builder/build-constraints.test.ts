import { expect } from "chai";
import { BUILD_CONSTRAINTS } from "../../../runtime/builder/build-constraints";
import { normalizeName } from "../../../runtime/contracts/target";
import { makeBackend, makeProject } from "./support/packages";
import { spec, Workbench } from "./support/workbench";

describe("build constraints", () => {
  const bench = new Workbench();
  const { packageIndex } = bench;
  const bounds = new Map(
    BUILD_CONSTRAINTS.trim()
      .split("\n")
      .map((line) => line.split("<=") as [string, string]),
  );

  it("limit each backend once, by its normalised name", () => {
    expect(bounds.size).to.equal(BUILD_CONSTRAINTS.trim().split("\n").length);
    for (const [name, version] of bounds) {
      expect(name).to.equal(normalizeName(name));
      expect(version, name).to.match(/^\d+(\.\d+)+$/);
    }
  });

  it("keep newer backends away in both operations, and allow projects older ones", async () => {
    const bound = bounds.get("flit-core") ?? "";
    packageIndex.add(
      "flit-core",
      ...["3.5", bound, "999"].map((version) => makeBackend("flit-core", version)),
    );
    for (const [name, requirement, used] of [
      ["today", "flit-core", bound],
      ["yesterday", "flit-core<4", "3.5"],
    ] as const) {
      packageIndex.add(name, makeProject(name, requirement));
      const { lastLines } = await bench.buildFailure(spec(name));
      expect(lastLines.join("\n"), name).to.include(`built by flit-core ${used}`);
    }
    packageIndex.add("secretive", makeProject("secretive", "flit-core", false));
    const { lastLines } = await bench.resolveFailure(spec("secretive"));
    expect(lastLines.join("\n")).to.include(`built by flit-core ${bound}`);
  });
});
