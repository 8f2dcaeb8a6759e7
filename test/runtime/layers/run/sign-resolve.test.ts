import { expect } from "chai";
import { signResolve } from "../../../../runtime/layers/run/sign-resolve";
import { batchOf, FakeArtifactStore, spec } from "../fakes";

describe("signResolve", () => {
  it("lets the builder resolve a batch's packages and write one result, and names nothing else of the run", async () => {
    const batch = batchOf([spec("psycopg", ["binary"], ">=3")]);
    expect(await signResolve({ batch }, new FakeArtifactStore())).to.deep.equal({
      operation: "resolve",
      python: "3.12",
      packages: [{ ...spec("psycopg", ["binary"], ">=3"), license: "MIT" }],
      architectures: ["x86_64", "arm64"],
      outputUrl: "https://signed/put/runs/run/resolved/0000-3.12.json",
    });
  });
});
