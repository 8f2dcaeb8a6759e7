import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { MAX_SPEC_BYTES } from "../../../runtime/contracts/specs";
import { checkedKey, readSpecFile } from "../../../tasks/specs/spec-file";

describe("a spec's file", () => {
  const folder = mkdtempSync(join(tmpdir(), "strata-specs-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = (name: string, text: string): string => {
    const at = join(folder, name);
    writeFileSync(at, text);
    return at;
  };
  const SPEC = '{"info": {"version": "1.2.0"}}';
  const read = (name: string, text: string, options = {}) =>
    readSpecFile(file(name, text), { owner: "team", ...options });

  it("gives the package its name and its version", () => {
    for (const name of ["pets-spec.json", "pets.json", "pets.spec.json", "pets_spec.json"]) {
      expect(read(name, SPEC).key, name).to.deep.equal({ owner: "team", specId: "pets", version: "1.2.0" });
    }
    expect(read("special.json", SPEC).key.specId).to.equal("special");
  });

  it("may be anything, even no JSON, when the user gives name and version", () => {
    const { key, content } = read("any.json", "{", { name: "cats", packageVersion: "2.0rc1" });
    expect(key).to.deep.equal({ owner: "team", specId: "cats", version: "2.0rc1" });
    expect(content.toString()).to.equal("{");
  });

  it("refuses a key that can't be built before anything is uploaded", () => {
    const key = { owner: "team", specId: "pets", version: "1.0" };
    expect(() => checkedKey({ ...key, version: "latest" })).to.throw(/nothing was uploaded.*PEP 440/);
    expect(checkedKey(key)).to.deep.equal(key);
  });

  const refused: readonly [string, () => unknown, RegExp][] = [
    ["a file that is not there", () => readSpecFile(join(folder, "no"), { owner: "a" }), /cannot read .*no/],
    ["text that holds no version", () => read("a.json", "{"), /a\.json is not JSON/],
    ["a spec without a version", () => read("a.json", "null"), /no info\.version; --package-version/],
    ["a name that is none", () => read("1.json", SPEC), /nothing was uploaded.*second part.*--name/],
    ["an owner that leads elsewhere", () => read("a.json", SPEC, { owner: ".." }), /nothing was uploaded/],
    ["an owner of two parts", () => read("a.json", SPEC, { owner: "a/b" }), /three parts/],
    [
      "a version that is code",
      () => read("a.json", SPEC, { packageVersion: '1",print(1),"' }),
      /nothing was uploaded.*PEP 440/,
    ],
    ["a version in the spec that is none", () => read("a.json", '{"info":{"version":"new"}}'), /PEP 440/],
    [
      "more than is taken",
      () => read("a.json", " ".repeat(MAX_SPEC_BYTES + 1), { packageVersion: "1" }),
      /has 2097153 bytes; a spec may have 2097152/,
    ],
  ];
  for (const [what, work, message] of refused) {
    it(`is refused before the upload: ${what}`, () => {
      expect(work).to.throw(message);
    });
  }
});
