import { expect } from "chai";
import { outputsSchema } from "../../stacks/outputs";
import { recordOutputs } from "../infra/recorded-program";

describe("the outputs of a stage", () => {
  it("are what index.ts exports, every group and nothing else", async function () {
    this.timeout(60_000);
    // As Pulumi's own runner takes it.
    const outputs = await recordOutputs("dev", () => module.require("../../index") as unknown);
    expect(outputsSchema.parse(outputs)).to.deep.equal(outputs);
    expect(outputs).to.deep.include({ api: { url: "https://api.mock" } });
  });
});
