import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { NodeFunction, functionOf } from "../../../infra/parts/node-function";
import { TEST_DEFAULTS, recordComponent, testFunction } from "../recorded-component";
import { named, placesOf, servicesOf } from "../recorded-queries";
import { standIn } from "../recorded-resources";

const FUNCTION = "aws:lambda/function:Function";

describe("a function on Node", () => {
  it("runs the bundle of its entry", async () => {
    const resources = await recordComponent(
      () => new NodeFunction("load", { ...TEST_DEFAULTS, entry: "catalog/load" }),
    );
    const { inputs, parent } = named(resources, FUNCTION, "load");
    expect(inputs).to.include({ packageType: "Zip", runtime: "nodejs22.x", handler: "index.handler" });
    expect(inputs["code"]).to.be.instanceOf(pulumi.asset.AssetArchive);
    expect(parent).to.equal("load");
    expect(named(resources, "strata:part:NodeFunction", "load").parent).to.equal(undefined);
  });

  it("refuses an entry that doesn't exist", async () => {
    let message = "";
    await recordComponent(() => {
      try {
        new NodeFunction("load", { ...TEST_DEFAULTS, entry: "catalog/nothing" });
      } catch (error) {
        message = (error as Error).message;
      }
    });
    expect(message).to.equal("there is no runtime/catalog/nothing.lambda.ts");
  });

  it("is made of an inline handler, below what it handles events of", async () => {
    const resources = await recordComponent(() => {
      const parent = standIn(() => new pulumi.ComponentResource("test:Source", "source"));
      functionOf("log", { inline: () => Promise.resolve(), defaults: TEST_DEFAULTS }, parent);
    });
    expect(named(resources, "strata:part:NodeFunction", "log").parent).to.equal("source");
    expect(named(resources, FUNCTION, "log").inputs).to.include({
      packageType: "Zip",
      handler: "index.handler",
    });
    expect(servicesOf(resources, "log")).to.deep.equal(["logs", "xray"]);
  });

  it("is taken as it is where it already exists", async () => {
    const resources = await recordComponent(() => {
      const handler = testFunction();
      expect(functionOf("other", handler, handler)).to.equal(handler);
    });
    expect(placesOf(resources)).to.be.empty;
  });
});
