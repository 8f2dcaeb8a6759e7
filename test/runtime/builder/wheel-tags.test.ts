import { expect } from "chai";
import fc from "fast-check";
import { isPureWheel, parseWheelName, pickWheel, supportedTags } from "../../../runtime/builder/wheel-tags";
import { ARCHITECTURES } from "../../../runtime/contracts/target";

const pick = (python: string, architecture: "x86_64" | "arm64", ...names: string[]) =>
  pickWheel(
    names.map((filename) => ({ filename })),
    python,
    architecture,
  )?.filename;

describe("wheel tags", () => {
  it("parse a file name, with and without build tag", () => {
    expect(
      parseWheelName("a_b-1.0-2x-cp312-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"),
    ).to.deep.equal({
      distribution: "a_b",
      version: "1.0",
      build: [2, "x"],
      pythons: ["cp312"],
      abis: ["abi3"],
      platforms: ["manylinux2014_x86_64", "manylinux_2_17_x86_64"],
    });
    for (const name of ["a-1.0.tar.gz", "a-1.0-py3-none.whl", "a-1.0-x-py3-none-any.whl"]) {
      expect(parseWheelName(name), name).to.equal(undefined);
    }
  });

  it("fit the glibc of each Python's runtime", () => {
    const new28 = "x-1-cp311-abi3-manylinux_2_28_x86_64.whl";
    expect(pick("3.11", "x86_64", new28)).to.equal(undefined);
    expect(pick("3.12", "x86_64", new28)).to.equal(new28);
    expect(pick("3.12", "x86_64", "x-1-cp312-cp312-manylinux_2_35_x86_64.whl")).to.equal(undefined);
  });

  it("refuse another architecture, another system, a newer Python", () => {
    const names = [
      "cp312-cp312-manylinux_2_17_aarch64",
      "cp312-cp312-win_amd64",
      "cp313-cp313-manylinux_2_17_x86_64",
    ];
    const files = [...names, "cp312-cp312-musllinux_1_1_x86_64", "py2-none-any"].map(
      (tag) => `x-1-${tag}.whl`,
    );
    expect(pick("3.12", "x86_64", ...files)).to.equal(undefined);
    expect(pick("3.12", "arm64", ...files)).to.equal("x-1-cp312-cp312-manylinux_2_17_aarch64.whl");
  });

  it("prefer compiled wheels, then the stable ABI, then pure ones; newer glibc; and the higher build tag", () => {
    const order = [
      "x-1-10-cp312-cp312-manylinux_2_28_x86_64.whl",
      "x-1-9-cp312-cp312-manylinux_2_28_x86_64.whl",
      "x-1-cp312-cp312-manylinux_2_28_x86_64.whl",
      "x-1-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
      "x-1-cp312-abi3-manylinux_2_28_x86_64.whl",
      "x-1-cp39-abi3-manylinux_2_28_x86_64.whl",
      "x-1-py3-none-manylinux_2_17_x86_64.whl",
      "x-1-py3-none-any.whl",
    ];
    const byPreference = (shuffled: string[]) => {
      const left = [...shuffled];
      const picked: string[] = [];
      for (let best = pick("3.12", "x86_64", ...left); best; best = pick("3.12", "x86_64", ...left)) {
        picked.push(best);
        left.splice(left.indexOf(best), 1);
      }
      return picked;
    };
    fc.assert(
      fc.property(fc.shuffledSubarray(order, { minLength: order.length }), (shuffled) => {
        expect(byPreference(shuffled)).to.deep.equal(order);
      }),
    );
  });

  it("list no tag twice", () => {
    const pythons = fc.integer({ min: 8, max: 20 }).map((minor) => `3.${String(minor)}`);
    fc.assert(
      fc.property(pythons, fc.constantFrom(...ARCHITECTURES), (python, architecture) => {
        const tags = supportedTags(python, architecture);
        expect(new Set(tags).size).to.equal(tags.length);
        expect(tags).to.include("py3-none-any");
      }),
    );
  });

  it("recognize pure wheels", () => {
    expect(isPureWheel("x-1-py2.py3-none-any.whl")).to.be.true;
    expect(isPureWheel("x-1-py3-none-manylinux_2_17_x86_64.whl")).to.be.false;
    expect(isPureWheel("x-1.tar.gz")).to.be.false;
  });
});
