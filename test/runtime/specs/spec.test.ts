import { expect } from "chai";
import * as fc from "fast-check";
import { MAX_SPEC_BYTES } from "../../../runtime/contracts/specs";
import { problemOfJson, problemOfSize, problemOfSpec } from "../../../runtime/specs/spec";
import { specText } from "./fakes";

describe("the check of a spec", () => {
  it("accepts any version in the spec, or no info", () => {
    const crafted = specText("x", { info: { title: "x", version: '1");import os;os.system("touch /tmp/x' } });
    expect(problemOfSpec(crafted)).to.equal(undefined);
    expect(problemOfSpec(specText("x", { info: undefined }))).to.equal(undefined);
  });

  it("accepts a spec that refers to its own parts", () => {
    const schemas = { A: { "x-tablename": "a" }, B: { $ref: "#/components/schemas/A" } };
    expect(problemOfSpec(specText("x", { components: { schemas } }))).to.equal(undefined);
  });

  for (const [name, text, hint] of [
    ["a text that isn't JSON", "openapi: 3.0.3", "JSON object"],
    ["an empty text", "", "JSON object"],
    ["a list", "[]", "JSON object"],
    ["null", "null", "JSON object"],
    ["a document that isn't OpenAPI", specText("x", { openapi: undefined }), "OpenAPI 3"],
    ["OpenAPI 2", specText("x", { openapi: "2.0" }), "OpenAPI 3"],
    ["an info that isn't an object", specText("x", { info: [] }), '"info"'],
    ["no components", specText("x", { components: undefined }), "no models"],
    ["no schemas", specText("x", { components: {} }), "no models"],
    ["no models", specText("x", { components: { schemas: { A: { type: "object" } } } }), "no models"],
    ["a remote reference", withReference("https://example.com/x.json#/A"), "https://example.com/x.json"],
    ["a reference to a file", withReference("/etc/passwd"), "/etc/passwd"],
    ["a reference to a neighbour", withReference("other.json#/A"), "other.json"],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(problemOfSpec(text)).to.be.a("string").and.include(hint);
    });
  }

  it("refuses JSON that is nested too deeply, before anything parses it", () => {
    const bomb = `{"openapi":"3.0.3","x":${"[".repeat(500_000)}${"]".repeat(500_000)}}`;
    expect(problemOfSpec(bomb)).to.include("nests more than 64");
  });

  it("refuses JSON with too many values", () => {
    expect(problemOfSpec(`[${"0,".repeat(200_001)}0]`)).to.include("more than 200000 values");
  });

  it("refuses 10 MB by the size alone", () => {
    expect(problemOfSize(10 * 1024 * 1024))
      .to.include("10.0 MB")
      .and.include("2.0 MB");
    expect(problemOfSize(MAX_SPEC_BYTES)).to.equal(undefined);
    expect(problemOfSize(MAX_SPEC_BYTES + 1)).to.be.a("string");
  });

  it("counts depth and values of any JSON correctly", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const [depth, values] = measure(value);
        expect(problemOfJson(text, { depth, values })).to.equal(undefined);
        if (depth > 0) expect(problemOfJson(text, { depth: depth - 1, values })).to.include("nests");
      }),
    );
  });
});

function withReference($ref: string): string {
  return specText("x", { components: { schemas: { A: { "x-tablename": "a", allOf: [{ $ref }] } } } });
}

/** Depth and number of values. As in the limits, a member's name counts as a value. */
function measure(value: unknown): readonly [number, number] {
  if (typeof value !== "object" || value === null) return [0, 1];
  const inner = Object.values(value).map(measure);
  const own = Array.isArray(value) ? 0 : inner.length;
  return [
    1 + Math.max(0, ...inner.map(([depth]) => depth)),
    1 + own + inner.reduce((sum, [, count]) => sum + count, 0),
  ];
}
