import { expect } from "chai";
import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { openPromise } from "yauzl";
import { writeLayerZip } from "../../../../runtime/builder/zip/layer-zip";
import { listTree } from "../../../../runtime/builder/tree";
import { readWheelMembers } from "../../../../runtime/builder/zip/wheel-members";
import { machineSettings, suiteFolder, testPython } from "../support/machine";
import { makeWheel } from "../support/packages";

type Contents = Readonly<Record<string, string | Buffer>>;

async function readBack(path: string): Promise<Map<string, { bytes: Buffer; mode: number }>> {
  const zip = await openPromise(path);
  const members = new Map<string, { bytes: Buffer; mode: number }>();
  for await (const entry of zip.eachEntry()) {
    const bytes = await buffer(await zip.openReadStreamPromise(entry));
    members.set(entry.fileName, { bytes, mode: entry.externalFileAttributes >>> 16 });
  }
  return members;
}

describe("layer zip", () => {
  const folder = suiteFolder();

  function plant(contents: Contents): string {
    const tree = mkdtempSync(join(folder, "tree-"));
    for (const [path, content] of Object.entries(contents)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), content);
    }
    return tree;
  }

  async function zipOf(contents: Contents, wheels: readonly string[] = []) {
    const tree = plant(contents);
    const output = `${tree}.zip`;
    const result = await writeLayerZip({
      tree,
      files: listTree(tree),
      members: await readWheelMembers(wheels),
      output,
    });
    return { ...result, output, tree };
  }

  it("contains the files of the tree, as Python and another reader confirm", async () => {
    const contents = {
      "a.py": "print(1)\n".repeat(500),
      "b/ü.bin": Buffer.alloc(3_000_000, "xyz"),
      "b/empty": "",
    };
    const { output, sha256, zipBytes } = await zipOf(contents);
    const members = await readBack(output);
    expect([...members.keys()]).to.deep.equal(["python/a.py", "python/b/empty", "python/b/ü.bin"]);
    for (const [path, content] of Object.entries(contents)) {
      expect(members.get(`python/${path}`)?.bytes.equals(Buffer.from(content)), path).to.be.true;
    }
    const bytes = readFileSync(output);
    expect([sha256, zipBytes]).to.deep.equal([
      createHash("sha256").update(bytes).digest("hex"),
      bytes.length,
    ]);
    const settings = machineSettings(folder);
    const python = settings.pythons[testPython(settings)] ?? "python3";
    expect(execFileSync(python, ["-m", "zipfile", "-t", output]).toString()).to.include("Done testing");
  });

  it("contains any tree unchanged, and has the same bytes each time", async () => {
    const name = fc.stringMatching(/^[A-Za-z_é][A-Za-z0-9_.é-]{0,8}$/).filter((text) => !text.endsWith("."));
    const tree = fc.dictionary(
      fc.tuple(fc.constantFrom("one", "two/three", "Two"), name).map((parts) => parts.join("/")),
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ maxLength: 50 }).map((text) => Buffer.from(text.repeat(50))),
      ),
      { maxKeys: 6, noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(tree, async (drawn) => {
        const contents = Object.fromEntries(
          Object.entries(drawn).map(([path, bytes]) => [path, Buffer.from(bytes)]),
        );
        const first = await zipOf(contents);
        const second = await zipOf(Object.fromEntries(Object.entries(contents).reverse()));
        expect(second.sha256).to.equal(first.sha256);
        const members = await readBack(first.output);
        expect(members.size).to.equal(Object.keys(contents).length);
        for (const [path, bytes] of Object.entries(contents)) {
          expect(members.get(`python/${path}`)?.bytes.equals(bytes), path).to.be.true;
        }
      }),
      { numRuns: 40 },
    );
  });

  it("copies the wheel's bytes only where the content is the same", async () => {
    const source = "value = 1\n".repeat(1000);
    const wheel = makeWheel({
      name: "x",
      files: { "x/same.py": source, "x/other.py": source, "x-1.0.data/purelib/moved.py": source },
    });
    const path = join(folder, wheel.filename);
    writeFileSync(path, wheel.bytes);
    const contents = { "x/same.py": source, "x/other.py": source.replace("1", "2"), "moved.py": source };
    const { output, spliced, deflated } = await zipOf(contents, [path]);
    expect({ spliced, deflated }).to.deep.equal({ spliced: 2, deflated: 1 });
    const members = await readBack(output);
    expect(members.get("python/x/other.py")?.bytes.toString()).to.equal(source.replace("1", "2"));
    expect(members.get("python/moved.py")?.bytes.toString()).to.equal(source);
  });

  it("deflates a file itself when the wheel's directory points to other data", async () => {
    const source = "value = 1\n".repeat(1000);
    const { bytes, filename } = makeWheel({
      name: "forged",
      files: { "forged.py": source, "other.py": "x".repeat(100) },
    });
    const [member, other] = ["forged.py", "other.py"].map((name) => bytes.lastIndexOf(name) - 46);
    // Now the directory's entry of one file points to the data of the other.
    bytes.writeUInt32LE(bytes.readUInt32LE((other ?? NaN) + 42), (member ?? NaN) + 42);
    const path = join(folder, filename);
    writeFileSync(path, bytes);
    const { output, spliced } = await zipOf({ "forged.py": source }, [path]);
    expect(spliced).to.equal(0);
    expect((await readBack(output)).get("python/forged.py")?.bytes.toString()).to.equal(source);
  });

  it("deflates a file that the wheel has uncompressed", async () => {
    const source = "value = 1\n".repeat(1000);
    const wheel = makeWheel({ name: "stored", files: { "stored.py": source }, compressed: false });
    const path = join(folder, wheel.filename);
    writeFileSync(path, wheel.bytes);
    const { zipBytes, spliced } = await zipOf({ "stored.py": source }, [path]);
    expect(spliced).to.equal(0);
    expect(zipBytes).to.be.lessThan(1000);
  });

  it("has two modes and one time, whatever the files have", async () => {
    const { tree, sha256 } = await zipOf({ "a.py": "x", run: "y" });
    utimesSync(join(tree, "a.py"), 1, 1);
    execFileSync("chmod", ["0600", join(tree, "a.py")]);
    const again = { tree, members: new Map(), output: `${tree}-2.zip` };
    expect(await writeLayerZip({ ...again, files: listTree(tree) })).to.have.property("sha256", sha256);
    execFileSync("chmod", ["0700", join(tree, "run")]);
    await writeLayerZip({ ...again, files: listTree(tree) });
    const members = await readBack(again.output);
    expect(members.get("python/a.py")?.mode).to.equal(0o100644);
    expect(members.get("python/run")?.mode).to.equal(0o100755);
  });

  it("refuses links", () => {
    const tree = plant({ "a.py": "x" });
    symlinkSync("/etc/passwd", join(tree, "link"));
    expect(() => listTree(tree)).to.throw("link, which is not a plain file");
  });
});
