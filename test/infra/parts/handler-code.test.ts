import * as fs from "node:fs";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { DEPLOYED_FILES, entryCode, inlineCode, toolRevision } from "../../../infra/parts/handler-code";
import { recordComponent } from "../recorded-component";

const root = path.resolve(__dirname, "../../..");

describe("the code of handlers", () => {
  before(async () => {
    // From here on entries have names and no code.
    await recordComponent(() => undefined);
  });

  it("is an archive of the entry's bundle, as a file", async () => {
    const { archive, handler } = entryCode("catalog/load");
    expect(handler).to.equal("index.handler");
    const { "index.js": bundle, ...others } = await (archive as pulumi.asset.AssetArchive).assets;
    expect(others).to.deep.equal({});
    expect(await (bundle as pulumi.asset.FileAsset).path).to.equal("/bundles/catalog/load/index.js");
  });

  it("is an archive of an inline handler's own text, which runs without Pulumi or any package", async () => {
    const { archive, handler } = inlineCode((event: { readonly name: string }) =>
      Promise.resolve(event.name),
    );
    expect(handler).to.equal("index.handler");
    const { "index.js": code, ...others } = await (archive as pulumi.asset.AssetArchive).assets;
    expect(others).to.deep.equal({});
    const text = await (code as pulumi.asset.StringAsset).text;
    expect(text)
      .to.match(/exports\.handler = /)
      .and.not.match(/require\("@/);
  });

  it("has a revision that changes with the bundle and with each file that counts", () => {
    const revision = toolRevision("builder", "specs/build", /\.py$/);
    expect(revision).to.match(/^[0-9a-f]{16}$/);
    expect(toolRevision("builder", "specs/build", /\.py$/)).to.equal(revision);
    expect(toolRevision("builder", "specs/canary", /\.py$/)).not.to.equal(revision);
    expect(toolRevision("builder", "specs/build", /\.py$|^Dockerfile$/)).not.to.equal(revision);
  });

  describe("as it is deployed", () => {
    it("lies in a file with the bundle", function () {
      this.timeout(120_000);
      const file = DEPLOYED_FILES.bundleFile("layer-index/api");
      expect(file).to.equal(path.join(root, ".strata/bundles/layer-index/api/index.js"));
      expect(fs.readFileSync(file, "utf8")).to.equal(DEPLOYED_FILES.bundle("layer-index/api"));
    });

    it("lies in a folder with the image's files and the bundle, and no others", function () {
      this.timeout(120_000);
      const context = DEPLOYED_FILES.imageContext("builder", "specs/build");
      expect(context).to.equal(path.join(root, ".strata/images/builder/specs/build"));
      const files = fs.readdirSync(path.join(root, "images/builder"));
      expect(fs.readdirSync(context).sort()).to.deep.equal([...files, "index.js"].sort());
      const bundle = fs.readFileSync(path.join(context, "index.js"), "utf8");
      expect(bundle).to.equal(DEPLOYED_FILES.bundle("specs/build"));
    });
  });
});
