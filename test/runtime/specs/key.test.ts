import { expect } from "chai";
import * as fc from "fast-check";
import {
  canonicalVersion,
  decodeKey,
  errorKeyOf,
  isPackageOf,
  parseKey,
  specKeyOf,
} from "../../../runtime/specs/key";

describe("keys of specs", () => {
  for (const [key, spec] of [
    ["acme/pets/1.2.0-spec.json", { owner: "acme", specId: "pets", version: "1.2.0" }],
    [
      "us-east-1=x@y/Pet_store-2/1.0rc1-spec.json",
      { owner: "us-east-1=x@y", specId: "Pet_store-2", version: "1.0rc1" },
    ],
    ["acme/pets/1.0+abc.1-spec.json", { owner: "acme", specId: "pets", version: "1.0+abc.1" }],
    ["acme/pets/1!2.0.post1.dev3-spec.json", { owner: "acme", specId: "pets", version: "1!2.0.post1.dev3" }],
  ] as const) {
    it(`takes ${key}`, () => {
      expect(parseKey(key)).to.deep.equal({ kind: "spec", spec });
      expect(specKeyOf(spec)).to.equal(key);
    });
  }

  for (const key of [
    "acme/pets/1.0-spec.json.bak",
    "acme/pets/1.0-spec.JSON",
    "acme/pets/pets-1.0.tar.gz",
    "",
  ]) {
    it(`leaves "${key}" alone`, () => {
      expect(parseKey(key)).to.deep.equal({ kind: "other" });
    });
  }

  for (const [key, hint, errorKey] of [
    ["pets/1.0-spec.json", "has 2", "pets/1.0-build-error.json"],
    ["1.0-spec.json", "has 1", "1.0-build-error.json"],
    ["a/b/pets/1.0-spec.json", "has 4", "a/b/pets/1.0-build-error.json"],
    ["acme/pets/-spec.json", "PEP 440", "acme/pets/-build-error.json"],
    ["acme/pets/latest-spec.json", "PEP 440", "acme/pets/latest-build-error.json"],
    ["acme/pets/1.0 abc-spec.json", "PEP 440", "acme/pets/1.0 abc-build-error.json"],
    ['acme/pets/1.0");import os;("-spec.json', "PEP 440", 'acme/pets/1.0");import os;("-build-error.json'],
    ["acme/pets/1.0\n-spec.json", "PEP 440", undefined],
    [
      `acme/pets/1.${"1".repeat(16)}-spec.json`,
      "15 digits",
      `acme/pets/1.${"1".repeat(16)}-build-error.json`,
    ],
    [`acme/pets/1${".1".repeat(40)}-spec.json`, "64", `acme/pets/1${".1".repeat(40)}-build-error.json`],
    ['acme/pets"+evil+"/1.0-spec.json', "spec's id", 'acme/pets"+evil+"/1.0-build-error.json'],
    ["acme/2pets/1.0-spec.json", "spec's id", "acme/2pets/1.0-build-error.json"],
    [`acme/${"p".repeat(65)}/1.0-spec.json`, "spec's id", `acme/${"p".repeat(65)}/1.0-build-error.json`],
    ["ac me/pets/1.0-spec.json", "owner", "ac me/pets/1.0-build-error.json"],
    ["-acme/pets/1.0-spec.json", "owner", "-acme/pets/1.0-build-error.json"],
    ["/pets/1.0-spec.json", "owner", undefined],
    ["acme//1.0-spec.json", "spec's id", undefined],
    ["../pets/1.0-spec.json", "owner", undefined],
    ["acme/../1.0-spec.json", "spec's id", undefined],
    ["acme/./1.0-spec.json", "spec's id", undefined],
    ["/acme/pets/1.0-spec.json", "has 4", undefined],
  ] as const) {
    it(`refuses ${JSON.stringify(key)}${errorKey === undefined ? " without a note" : ""}`, () => {
      const parsed = parseKey(key);
      if (parsed.kind !== "wrong") throw new Error(`It was taken as ${parsed.kind}.`);
      expect(parsed.reason).to.include(hint);
      expect(parsed.errorKey).to.equal(errorKey);
    });
  }

  it("decodes as S3 encodes: + is a space, %2B is a +", () => {
    expect(decodeKey("a+b/%2B%20c/1.0%2Babc-spec.json")).to.equal("a b/+ c/1.0+abc-spec.json");
    expect(decodeKey("acme/%zz/1.0-spec.json")).to.equal(undefined);
  });

  it("accepts no part that could end a Python string or leave its folder", () => {
    const nasty = fc.string({ unit: fc.constantFrom(..."ab1.0-+/\\\"'\n (){}$!_".split("")), maxLength: 20 });
    fc.assert(
      fc.property(nasty, nasty, nasty, (owner, specId, version) => {
        const parsed = parseKey(`${owner}/${specId}/${version}-spec.json`);
        if (parsed.kind !== "spec") return;
        expect(Object.values(parsed.spec).join("")).to.match(/^[\w.@=+!-]+$/);
        expect(parsed.spec.owner).to.not.include("/").and.not.equal("..");
        expect(parsed.spec).to.deep.equal({ owner, specId, version });
      }),
    );
  });
});

describe("versions in a key", () => {
  for (const [one, other] of [
    ["1", "1.0.0"],
    ["v1.0", "1"],
    ["1.0-1", "1.0.post1"],
    ["1.0alpha1", "1a1"],
    ["1.0+ABC", "1.0.0+abc"],
    ["1!1.0", "1!1"],
    ["0.0", "0"],
  ] as const) {
    it(`knows that ${one} equals ${other}`, () => {
      expect(canonicalVersion(one)).to.equal(canonicalVersion(other)).and.not.equal(undefined);
    });
  }

  it("tells different versions apart, and knows texts that aren't versions", () => {
    const versions = ["1", "10", "1.1", "1.0.1", "1!1", "1a1", "1.post1", "1.dev1", "1+a"];
    expect(new Set(versions.map(canonicalVersion)).size).to.equal(versions.length);
    expect(canonicalVersion("latest")).to.equal(undefined);
  });
});

describe("packages beside a spec", () => {
  const pets = { specId: "Pet-store", version: "1.0" };

  for (const file of [
    "pet_store-1.0-py3-none-any.whl",
    "Pet.Store-1.0.0-py3-none-any.whl",
    "pet_store-1.0.tar.gz",
    "pet-store-1.tar.gz",
  ]) {
    it(`takes ${file} for a package of the spec`, () => {
      expect(isPackageOf(file, pets)).to.equal(true);
    });
  }

  for (const file of [
    "pet_store-1.0.1-py3-none-any.whl",
    "pets-1.0.tar.gz",
    "store-1.0.tar.gz",
    "1.0-spec.json",
    "pet_store-1.0.zip",
    "../pet_store-1.0.tar.gz",
    "owner/pet_store-1.0-py3-none-any.whl",
  ]) {
    it(`doesn't take ${file} for one`, () => {
      expect(isPackageOf(file, pets)).to.equal(false);
    });
  }

  it("has a key for the note beside a spec", () => {
    expect(errorKeyOf({ owner: "acme", ...pets })).to.equal("acme/Pet-store/1.0-build-error.json");
  });
});
