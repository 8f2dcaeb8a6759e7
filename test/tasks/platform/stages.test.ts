import { expect } from "chai";
import { refuseToLoseData } from "../../../tasks/platform/stages";

describe("destroy", () => {
  it("refuses a stage that keeps its data, and tells how to do it on purpose", () => {
    expect(() => {
      refuseToLoseData("prod", { "strata:retainData": { value: "true" } });
    }).to.throw(/stage prod keeps its data .* set strata:retainData to false in Pulumi\.prod\.yaml/);
  });

  it("lets go of any other", () => {
    refuseToLoseData("dev", { "strata:retainData": { value: "false" } });
    refuseToLoseData("default", {});
  });
});
