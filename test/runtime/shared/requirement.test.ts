import { expect } from "chai";
import fc from "fast-check";
import { parsePackageName, parseRequirement, parseSpecifier } from "../../../runtime/shared/requirement";
import { layerPackageOf, requirementOf } from "../../../runtime/contracts/target";

const name = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,10}[A-Za-z0-9])?$/);
const extras = fc.uniqueArray(name, { maxLength: 3 });

describe("parseRequirement", () => {
  it("normalises the name and sorts the extras", () => {
    expect(parseRequirement(" Psycopg[pool, Binary_X,pool]>= 3.1, <4 ")).to.deep.equal({
      ok: true,
      value: { name: "psycopg", extras: ["binary-x", "pool"], specifier: ">=3.1,<4" },
    });
  });

  for (const text of [
    "../x",
    "a; rm -rf",
    "",
    "-r x.txt",
    "a b",
    "a[]",
    "a[b",
    "a[b]c",
    "a[../b]",
    "a @ https://example.com/a.whl",
    "a==1; python_version<'3'",
    "a==1 --index-url x",
    "ä",
    "a\n==1 x",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      const parsed = parseRequirement(text);
      expect(parsed.ok).to.equal(false);
      expect(parsed).to.have.property("reason").that.is.a("string").and.has.length.above(10);
    });
  }

  it("refuses extras that make the name of the layer too long", () => {
    const long = `a[${Array.from({ length: 30 }, (_, index) => `extra${index}`).join(",")}]`;
    expect(parseRequirement(long)).to.have.property("reason").that.includes("110");
    expect(parseRequirement("a".repeat(110)).ok).to.equal(true);
    expect(parseRequirement("a".repeat(111)).ok).to.equal(false);
  });

  it("parses its own result to the same value", () => {
    fc.assert(
      fc.property(name, extras, (project, wanted) => {
        const first = parseRequirement(wanted.length === 0 ? project : `${project}[${wanted.join(",")}]`);
        if (!first.ok) throw new Error(first.reason);
        expect(parseRequirement(requirementOf(first.value))).to.deep.equal(first);
      }),
    );
  });

  it("never accepts a character with a meaning in a shell, a path or a URL", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        const parsed = parseRequirement(text);
        if (parsed.ok)
          expect(requirementOf(parsed.value)).to.match(/^[a-z0-9-]+(\[[a-z0-9-]+(,[a-z0-9-]+)*\])?$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("parsePackageName", () => {
  it("reads the form of layer names and the form of requirements as the same package", () => {
    fc.assert(
      fc.property(name, extras, (project, wanted) => {
        const parsed = parseRequirement(wanted.length === 0 ? project : `${project}[${wanted.join(",")}]`);
        if (!parsed.ok) throw new Error(parsed.reason);
        expect(parsePackageName(layerPackageOf(parsed.value))).to.deep.equal(parsed);
        expect(parsePackageName(requirementOf(parsed.value))).to.deep.equal(parsed);
      }),
    );
  });

  it("refuses any other text", () => {
    expect(parsePackageName("a__b;c").ok).to.equal(false);
    expect(parsePackageName("a__").ok).to.equal(false);
  });
});

describe("parseSpecifier", () => {
  for (const good of [
    "",
    "==1.0",
    "==2.*",
    "!=1.5.*",
    ">=1,<2",
    "~=3.2",
    "==1.0+local.1",
    ">1.0rc1",
    "<=1!2.0.post1",
    "==1.0.dev3",
  ]) {
    it(`accepts "${good}"`, () => {
      expect(parseSpecifier(good)).to.deep.equal({ ok: true, value: good });
    });
  }

  for (const bad of [
    "1.0",
    "=1",
    "===1",
    "==",
    ">=1,",
    ">=2.*",
    "~=3",
    ">=1+local",
    "==latest",
    "==1 2",
    "==1;x",
  ]) {
    it(`refuses "${bad}"`, () => {
      expect(parseSpecifier(bad).ok).to.equal(false);
    });
  }
});
