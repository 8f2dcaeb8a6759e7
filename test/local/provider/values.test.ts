import {
  specialArchiveSig,
  specialAssetSig,
  specialResourceSig,
  specialSecretSig,
  specialSigKey,
  unknownValue,
} from "@pulumi/pulumi/runtime/rpc";
import { expect } from "chai";
import fc from "fast-check";
import { asJson, hasUnknown, pascal, plain, sameValue } from "../../../local/provider/values";

describe("provider values", () => {
  it("become plain: secrets opened, references as ids, assets by kind, nulls left out", () => {
    const value = {
      secret: { [specialSigKey]: specialSecretSig, value: { inner: "x" } },
      bucket: { [specialSigKey]: specialResourceSig, urn: "urn:x", id: "my-bucket" },
      code: {
        [specialSigKey]: specialArchiveSig,
        hash: "h",
        assets: { "a.js": { [specialSigKey]: specialAssetSig, hash: "i", text: "1" } },
      },
      list: [1, null],
      nothing: null,
    };
    expect(plain(value)).to.deep.equal({
      secret: { inner: "x" },
      bucket: "my-bucket",
      code: { kind: "archive", hash: "h", assets: { "a.js": { kind: "asset", hash: "i", text: "1" } } },
      list: [1, undefined],
    });
  });

  it("know an unknown at any depth", () => {
    expect(hasUnknown({ a: [{ b: unknownValue }] })).to.equal(true);
    expect(hasUnknown({ a: [{ b: "known" }] })).to.equal(false);
  });

  it("are the same when they look the same, and assets when their content is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sameValue(value, structuredClone(value))).to.equal(true);
        expect(sameValue({ value }, { value, other: 1 })).to.equal(false);
      }),
    );
    const here = { kind: "archive", hash: "h", path: "/here" };
    expect(sameValue(here, { ...here, path: "/there" })).to.equal(true);
    expect(sameValue(here, { ...here, hash: "i" })).to.equal(false);
  });

  it("are spelled as the SDK does, but for what is the user's own", () => {
    const input = { logGroup: "g", rules: [{ id: "r" }], variables: { lowerCase: "x" } };
    expect(pascal(input, { spelling: { id: "ID" }, opaque: ["variables"] })).to.deep.equal({
      LogGroup: "g",
      Rules: [{ ID: "r" }],
      Variables: { lowerCase: "x" },
    });
  });

  it("are JSON whether given as text or not", () => {
    expect([asJson('{"a":1}'), asJson({ a: 1 }), asJson(5)]).to.deep.equal(['{"a":1}', '{"a":1}', "5"]);
  });
});
