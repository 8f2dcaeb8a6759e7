import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { ToolFunction, type ToolSource } from "../../../infra/parts/tool-function";
import { TEST_DEFAULTS, recordComponent } from "../recorded-component";
import { named, ofType, servicesOf } from "../recorded-queries";
import { type RecordedResource, standIn } from "../recorded-resources";

const FUNCTION = "aws:lambda/function:Function";
const IMAGE = "awsx:ecr:Image";

describe("a tool function", () => {
  const recordTool = (source: ToolSource, architecture = "arm64"): Promise<RecordedResource[]> =>
    recordComponent(() => {
      const parent = standIn(() => new pulumi.ComponentResource("test:Service", "service"));
      const args = { entry: "specs/build", image: "builder", stage: "specs", python: "3.13" };
      new ToolFunction("tool", { ...TEST_DEFAULTS, ...args, architecture, source }, { parent });
    });

  it("is a zip on the host", async () => {
    const resources = await recordTool({ kind: "host" });
    expect(named(resources, FUNCTION, "tool").inputs).to.include({
      packageType: "Zip",
      runtime: "nodejs22.x",
      handler: "index.handler",
    });
    expect(ofType(resources, IMAGE)).to.be.empty;
    expect(named(resources, "strata:part:ToolFunction", "tool").parent).to.equal("service");
  });

  for (const [architecture, platform] of [
    ["arm64", "linux/arm64"],
    ["x86_64", "linux/amd64"],
  ] as const) {
    it(`builds its own image of the image's stage for ${architecture}`, async () => {
      const resources = await recordTool({ kind: "build", repositoryUrl: "mock/builder" }, architecture);
      const { inputs, parent } = named(resources, IMAGE, "tool");
      expect(inputs).to.deep.include({
        repositoryUrl: "mock/builder",
        context: "/images/builder/specs/build",
        platform,
        target: "specs",
        args: { PYTHON_VERSION: "3.13" },
        imageTag: `specs-build-3.13-${architecture}`,
      });
      expect(parent).to.equal("service");
      const lambda = named(resources, FUNCTION, "tool").inputs;
      expect(lambda["architectures"]).to.deep.equal([architecture]);
      expect(lambda["packageType"]).to.equal("Image");
      expect(lambda["imageUri"]).to.match(/^mock\/tool@sha256:/);
      expect(lambda).not.to.have.any.keys("runtime", "handler", "code");
    });
  }

  it("takes an image that already exists by its digest", async () => {
    const uri = `mock/builder@sha256:${"a".repeat(64)}`;
    const resources = await recordTool({ kind: "image", uri });
    expect(named(resources, FUNCTION, "tool").inputs["imageUri"]).to.equal(uri);
    expect(ofType(resources, IMAGE)).to.be.empty;
  });

  it("may do nothing but log and trace, unless it is granted more", async () => {
    expect(servicesOf(await recordTool({ kind: "host" }), "tool")).to.deep.equal(["logs", "xray"]);
  });
});
