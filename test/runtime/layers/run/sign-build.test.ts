import { expect } from "chai";
import { signBuild } from "../../../../runtime/layers/run/sign-build";
import { FakeArtifactStore, itemOf, workOf } from "../fakes";

describe("signBuild", () => {
  it("lets a build read its item and write its own place in staging only", async () => {
    const item = workOf(itemOf({ item: "it" }));
    expect(await signBuild({ item }, new FakeArtifactStore())).to.deep.equal({
      operation: "build",
      itemUrl: "https://signed/get/runs/run/items/it.json",
      uploadUrl: "https://signed/put/staging/run/it.zip",
    });
  });
});
