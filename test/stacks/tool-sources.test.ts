import { expect } from "chai";
import type { Foundation } from "../../infra/foundation";
import { imageKeys } from "../../stacks/settings/settings";
import { toolSources } from "../../stacks/tool-sources";
import { recordProgram } from "../infra/recorded-program";
import { ofType } from "../infra/recorded-queries";
import { settingsOf } from "./settings/read-settings";

const digest = (index: number): string => `mock/images@sha256:${String(index).padStart(64, "0")}`;

describe("the places of tool functions", () => {
  let registries = 0;
  const foundation: Pick<Foundation, "images"> = {
    images: () => {
      registries += 1;
      return { url: "registry" } as unknown as ReturnType<Foundation["images"]>;
    },
  };
  beforeEach(() => {
    registries = 0;
  });

  it("are the host where the stage says so, and no registry is made", () => {
    const place = toolSources(settingsOf({ toolFunctions: "host" }), foundation);
    expect(place("specs-build")).to.deep.equal({ kind: "host" });
    expect(registries).to.equal(0);
  });

  it("are the images that the stage names, and builds for all others", () => {
    const builderImages = JSON.stringify({ "3.12-arm64": digest(1) });
    const place = toolSources(settingsOf({ builderImages }), foundation);
    expect(place("3.12-arm64")).to.deep.equal({ kind: "image", uri: digest(1) });
    expect(registries).to.equal(0);
    expect(place("3.13-arm64")).to.deep.equal({ kind: "build", repositoryUrl: "registry" });
    expect(registries).to.equal(1);
  });

  it("are refused to a tool that no settings group declares, since nobody could name its image", () => {
    const place = toolSources(settingsOf({ toolFunctions: "host" }), foundation);
    expect(() => place("specs-lint")).to.throw("specs-lint");
  });

  it("are asked for by a tool function for every key that a stage can name an image for", async function () {
    this.timeout(60_000);
    const keys = imageKeys(settingsOf().stage);
    const images = Object.fromEntries(keys.map((key, index) => [key, digest(index)]));
    const resources = await recordProgram("dev", { "strata:builderImages": JSON.stringify(images) });
    const used = ofType(resources, "aws:lambda/function:Function").flatMap(
      ({ inputs }) => inputs["imageUri"] ?? [],
    );
    expect(used).to.have.members(Object.values(images));
    expect(ofType(resources, "aws:ecr/repository:Repository")).to.be.empty;
  });
});
