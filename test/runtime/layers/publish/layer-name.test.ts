import { expect } from "chai";
import fc from "fast-check";
import { MAX_LAYER_PACKAGE_LENGTH, parseRequirement } from "../../../../runtime/shared/requirement";
import { layerNameOf } from "../../../../runtime/layers/publish/layer-name";
import { ARCHITECTURES } from "../../../../runtime/contracts/target";
import { spec } from "../fakes";

describe("layerNameOf", () => {
  it("names arm64 only where the bytes are for arm64 alone", () => {
    expect(layerNameOf("strata", "3.12", ["x86_64"], spec("numpy"))).to.equal("strata-p312-numpy");
    expect(layerNameOf("strata", "3.12", ["arm64"], spec("numpy"))).to.equal("strata-p312-arm64-numpy");
    const both = layerNameOf("strata", "3.9", ["x86_64", "arm64"], spec("psycopg", ["binary", "pool"]));
    expect(both).to.equal("strata-p39-psycopg__binary_pool");
  });

  it("is a name that Lambda allows, with the longest prefix and package that we allow", () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,120}[a-zA-Z0-9])?$/);
    fc.assert(
      fc.property(name, fc.subarray([...ARCHITECTURES], { minLength: 1 }), (text, architectures) => {
        const parsed = parseRequirement(text);
        expect(parsed.ok || text.length > MAX_LAYER_PACKAGE_LENGTH).to.equal(true);
        if (!parsed.ok) return;
        // Source of pattern and length: Lambda API reference, PublishLayerVersion.
        expect(layerNameOf("p".repeat(15), "3.13", architectures, parsed.value)).to.match(
          /^[a-zA-Z0-9-_]{1,140}$/,
        );
      }),
    );
  });
});
