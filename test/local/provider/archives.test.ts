import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { strToU8, unzipSync, zipSync } from "fflate";
import { readAsset, zipArchive } from "../../../local/provider/archives";
import { rejection, removeHome, temporaryHome } from "../home";

describe("provider archives", () => {
  let home: string;
  beforeEach(async () => {
    home = await temporaryHome();
  });
  afterEach(() => removeHome(home));

  const text = (content: string): { kind: "asset"; text: string } => ({ kind: "asset", text: content });

  it("give equal bytes for equal content, in whatever order and at whatever time", async () => {
    const one = await zipArchive({ kind: "archive", assets: { a: text("1"), "b/c": text("2") } });
    const other = await zipArchive({ kind: "archive", assets: { "b/c": text("2"), a: text("1") } });
    expect(Buffer.from(one).equals(other)).to.equal(true);
    expect(Buffer.from(one).equals(await zipArchive({ kind: "archive", assets: { a: text("2") } }))).to.equal(
      false,
    );
  });

  it("hold nested archives, directories and files", async () => {
    await mkdir(join(home, "code/lib"), { recursive: true });
    await writeFile(join(home, "code/lib/x.js"), "x");
    const zip = await zipArchive({
      kind: "archive",
      assets: {
        code: { kind: "archive", path: join(home, "code") },
        "main.js": { kind: "asset", path: join(home, "code/lib/x.js") },
      },
    });
    expect(Object.keys(unzipSync(zip))).to.deep.equal(["code/lib/x.js", "main.js"]);
  });

  it("stay as they are when they are a zip already", async () => {
    const bytes = zipSync({ "a.txt": strToU8("a") });
    await writeFile(join(home, "a.zip"), bytes);
    const archive = { kind: "archive", path: join(home, "a.zip") } as const;
    expect(Buffer.from(await zipArchive(archive)).equals(bytes)).to.equal(true);
    expect(
      Object.keys(unzipSync(await zipArchive({ kind: "archive", assets: { in: archive } }))),
    ).to.deep.equal(["in/a.txt"]);
  });

  it("refuse URLs", async () => {
    expect((await rejection(readAsset({ kind: "asset", uri: "https://x" }))).message).to.contain(
      "not from URLs",
    );
  });
});
