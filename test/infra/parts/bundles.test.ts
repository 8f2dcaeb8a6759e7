import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { bundleText, bundlesOf } from "../../../infra/parts/bundles";

const repository = path.resolve(__dirname, "../../..");

describe("bundles", () => {
  let root: string;
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  };
  const kept = () => fs.readdirSync(path.join(root, ".strata/bundle-cache"));
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "strata-bundles-"));
    write("package-lock.json", "{}");
    write("tsconfig.json", "{}");
    write("runtime/shared/greeting.ts", 'export const greeting = "good morning";');
    const handler = 'import { greeting } from "../shared/greeting"; export const handler = () => greeting;';
    write("runtime/catalog/load.lambda.ts", handler);
  });
  afterEach(() => {
    fs.rmSync(root, { recursive: true });
  });

  it("are one file an entry, with all that the entry imports", () => {
    const bundles = bundlesOf(root);
    expect([...bundles.keys()]).to.deep.equal(["catalog/load"]);
    const file = path.join(root, "load.js");
    fs.writeFileSync(file, bundles.get("catalog/load") ?? "");
    const { handler } = module.require(file) as { handler: () => unknown };
    expect(handler()).to.equal("good morning");
  });

  it("are the same bytes for the same sources, and made once for them", () => {
    const first = bundlesOf(root);
    const [file, ...others] = kept();
    expect(others).to.be.empty;
    fs.writeFileSync(path.join(root, ".strata/bundle-cache", file ?? ""), '[["catalog/load","kept"]]');
    expect(bundlesOf(root).get("catalog/load")).to.equal("kept");
    fs.rmSync(path.join(root, ".strata"), { recursive: true });
    expect(bundlesOf(root)).to.deep.equal(first);
  });

  for (const [what, file, text] of [
    ["a source", "runtime/shared/greeting.ts", 'export const greeting = "good night";'],
    ["a new source", "runtime/shared/other.ts", ""],
    ["the locked packages", "package-lock.json", '{"lockfileVersion":3}'],
    ["the compiler's options", "tsconfig.json", '{"compilerOptions":{}}'],
  ] as const) {
    it(`are made anew when ${what} changes`, () => {
      bundlesOf(root);
      write(file, text);
      const night = text.includes("night");
      expect(bundlesOf(root).get("catalog/load")).to.include(night ? "good night" : "good morning");
      expect(kept()).to.have.length(2);
    });
  }

  it("are kept for the last few states of the sources only", () => {
    for (const state of ["1", "2", "3", "4", "5"]) {
      write("package-lock.json", state);
      bundlesOf(root);
    }
    expect(kept()).to.have.length(3);
  });

  it("are made of every entry of ours", function () {
    // Bundling takes seconds where no run has done it for these sources yet.
    this.timeout(120_000);
    const files = fs.readdirSync(path.join(repository, "runtime"), { recursive: true, encoding: "utf8" });
    const entries = files.filter((file) => file.endsWith(".lambda.ts"));
    expect(entries).not.to.be.empty;
    for (const entry of entries)
      expect(bundleText(entry.replace(".lambda.ts", "")), entry).to.include("handler");
  });

  it("are not made of what isn't there", () => {
    expect(() => bundleText("catalog/nothing")).to.throw("there is no runtime/catalog/nothing.lambda.ts");
  });
});
