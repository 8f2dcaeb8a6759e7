import { expect } from "chai";
import fc from "fast-check";
import {
  isArchitecture,
  layerPackageOf,
  normalizeName,
  requirementOf,
  runtimeTag,
} from "../../../runtime/contracts/target";

const psycopg = {
  name: "psycopg",
  extras: ["binary", "pool"],
  specifier: "",
  prune: { tests: true, runtime: true },
};

describe("normalizeName", () => {
  it("makes one of all spellings", () => {
    for (const name of ["Foo.Bar", "foo--bar", "FOO_.-bar"]) expect(normalizeName(name)).to.equal("foo-bar");
  });

  it("changes nothing the second time", () => {
    fc.assert(fc.property(fc.string(), (name) => normalizeName(normalizeName(name)) === normalizeName(name)));
  });
});

describe("a target's names", () => {
  it("carry the extras", () => {
    expect(requirementOf(psycopg)).to.equal("psycopg[binary,pool]");
    expect(layerPackageOf(psycopg)).to.equal("psycopg__binary_pool");
    expect(requirementOf({ name: "a", extras: [] })).to.equal("a");
    expect(layerPackageOf({ name: "a", extras: [] })).to.equal("a");
  });

  it("name the architecture only when it is arm64", () => {
    expect([runtimeTag("3.13", "x86_64"), runtimeTag("3.13", "arm64")]).to.deep.equal([
      "p3.13",
      "p3.13-arm64",
    ]);
    expect([isArchitecture("arm64"), isArchitecture("aarch64")]).to.deep.equal([true, false]);
  });
});
