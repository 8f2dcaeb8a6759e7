import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { localSettings, prepareWorkDirectory } from "../../../local/engine/work-directory";
import { rejection, removeHome, temporaryHome } from "../home";

describe("work directory", () => {
  let root: string;
  beforeEach(async () => {
    root = await temporaryHome();
  });
  afterEach(() => removeHome(root));

  const prepare = (): Promise<{ readonly project: string }> =>
    prepareWorkDirectory({
      root,
      directory: join(root, "work"),
      stage: "dev",
      plugins: [{ name: "aws", path: "/provider" }],
    });

  it("holds copies with the providers added, and leaves the originals alone", async () => {
    const project = "name: strata\nruntime: nodejs\nconfig:\n  strata:x: { default: 1 }\n";
    const settings = "config:\n  strata:y: 2\n";
    await writeFile(join(root, "Pulumi.yaml"), project);
    await writeFile(join(root, "Pulumi.dev.yaml"), settings);
    expect((await prepare()).project).to.equal("strata");
    expect(parse(await readFile(join(root, "work/Pulumi.yaml"), "utf8"))).to.deep.equal({
      name: "strata",
      runtime: "nodejs",
      config: { "strata:x": { default: 1 } },
      plugins: { providers: [{ name: "aws", path: "/provider" }] },
    });
    expect(parse(await readFile(join(root, "work/Pulumi.dev.yaml"), "utf8"))).to.deep.equal({
      config: { "strata:y": 2 },
    });
    expect(await readFile(join(root, "Pulumi.yaml"), "utf8")).to.equal(project);
    expect(await readFile(join(root, "Pulumi.dev.yaml"), "utf8")).to.equal(settings);
  });

  it("says so when there is no project", async () => {
    expect((await rejection(prepare())).message).to.contain("Pulumi.yaml is missing");
  });

  it("hides the real stage's secrets, and keeps the salt of the local stack", () => {
    const real = {
      secretsprovider: "awskms://x",
      encryptedkey: "k",
      config: { a: { secure: "v1:abc" }, b: "plain" },
    };
    expect(localSettings(real, { encryptionsalt: "v1:local", config: { old: "1" } })).to.deep.equal({
      config: { a: "(secret)", b: "plain" },
      encryptionsalt: "v1:local",
    });
  });
});
