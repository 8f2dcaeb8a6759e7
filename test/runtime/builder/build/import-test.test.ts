import { expect } from "chai";
import { reasonNotToRun } from "../../../../runtime/builder/build/import-test";

describe("import test", () => {
  it("runs compiled code only on a machine of its architecture", () => {
    expect(reasonNotToRun("x86_64", { platform: "linux", architecture: "x64" })).to.equal(undefined);
    expect(reasonNotToRun("arm64", { platform: "linux", architecture: "x64" })).to.include("not arm64");
    expect(reasonNotToRun("arm64", { platform: "darwin", architecture: "arm64" })).to.include("Linux");
  });
});
