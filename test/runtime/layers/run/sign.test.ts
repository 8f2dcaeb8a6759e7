import { expect } from "chai";
import { signRequest } from "../../../../runtime/layers/run/sign";
import { batchOf, FakeArtifactStore, spec } from "../fakes";

describe("signRequest", () => {
  it("asks for a batch's resolution, with nothing but what the builder needs", async () => {
    const batch = batchOf([spec("psycopg", ["binary"], ">=3")]);
    expect(await signRequest({ operation: "resolve", batch }, new FakeArtifactStore())).to.deep.equal({
      operation: "resolve",
      python: "3.12",
      packages: [spec("psycopg", ["binary"], ">=3")],
      architectures: ["x86_64", "arm64"],
      outputUrl: "https://signed/put/runs/run/resolved/0000-3.12.json",
    });
  });

  it("lets a build read its item and write its own place in staging only", async () => {
    const item = {
      runId: "run",
      item: "it",
      itemKey: "runs/run/items/it.json",
      builder: "b",
      needs: "build" as const,
    };
    expect(await signRequest({ operation: "build", item }, new FakeArtifactStore())).to.deep.equal({
      operation: "build",
      itemUrl: "https://signed/get/runs/run/items/it.json",
      uploadUrl: "https://signed/put/staging/run/it.zip",
    });
  });
});
