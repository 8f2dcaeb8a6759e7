import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { z } from "zod";
import { ServiceFunctions } from "../../../infra/parts/service-functions";
import { text, variables } from "../../../runtime/contracts/environment";
import { TEST_DEFAULTS, recordComponent } from "../recorded-component";
import { environmentOf, functionMay, named, resourcesFor } from "../recorded-queries";
import { type RecordedResource, standIn } from "../recorded-resources";

const FUNCTION = "aws:lambda/function:Function";

const loadEnvironment = z.object({ TABLE_NAME: variables.TABLE_NAME, PREFIX: text });

describe("the functions of a service", () => {
  const recordFunctions = (use: (functions: ServiceFunctions) => void): Promise<RecordedResource[]> =>
    recordComponent(() => {
      const parent = standIn(() => new pulumi.ComponentResource("test:Service", "service"));
      use(new ServiceFunctions("own", { service: "catalog", defaults: TEST_DEFAULTS, parent }));
    });

  it("are named and found by the service's names, and belong to its component", async () => {
    const resources = await recordFunctions((functions) => {
      functions.node("load", {
        reads: loadEnvironment,
        environment: { TABLE_NAME: "data", PREFIX: "a" },
        can: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::data/*"] }],
        timeoutSeconds: 120,
      });
    });
    expect(named(resources, "strata:part:NodeFunction", "own-load").parent).to.equal("service");
    expect(environmentOf(resources, "own-load")).to.deep.equal({ TABLE_NAME: "data", PREFIX: "a" });
    expect(resourcesFor(functionMay(resources, "own-load"), "s3:GetObject")).to.deep.equal([
      "arn:aws:s3:::data/*",
    ]);
    expect(named(resources, FUNCTION, "own-load").inputs["timeout"]).to.equal(120);
    expect(named(resources, "aws:cloudwatch/logGroup:LogGroup", "own-load").inputs).to.deep.include({
      retentionInDays: TEST_DEFAULTS.logRetentionDays,
    });
  });

  it("give Node its options beside the function's own variables", async () => {
    const resources = await recordFunctions((functions) => {
      functions.node("load", {
        reads: loadEnvironment,
        environment: { TABLE_NAME: "data", PREFIX: "a" },
        nodeOptions: "--max-old-space-size=64",
      });
    });
    expect(environmentOf(resources, "own-load")).to.deep.equal({
      TABLE_NAME: "data",
      PREFIX: "a",
      NODE_OPTIONS: "--max-old-space-size=64",
    });
  });

  it("are tools without an environment, where there is nothing to read", async () => {
    const resources = await recordFunctions((functions) => {
      functions.tool("load", {
        image: "builder",
        stage: "layers",
        python: "3.13",
        architecture: "x86_64",
        source: { kind: "host" },
      });
    });
    expect(named(resources, "strata:part:ToolFunction", "own-load").parent).to.equal("service");
    expect(named(resources, FUNCTION, "own-load").inputs).not.to.have.property("environment");
  });
});
