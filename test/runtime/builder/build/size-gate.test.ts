import { expect } from "chai";
import { checkSize, distributionSizes } from "../../../../runtime/builder/build/size-gate";

describe("size gate", () => {
  it("names the ten largest distributions and no more", () => {
    const distributions = Array.from({ length: 12 }, (_, at) => ({
      name: `d${String(at)}`,
      paths: [`d${String(at)}/f`],
    }));
    const files = distributions.map(({ paths: [path = ""] }, at) => ({
      path,
      bytes: (at + 1) * 1024 * 1024,
    }));
    const sizes = distributionSizes(files, distributions);
    expect(() => checkSize("x", sizes, 10)).to.throw(
      /x is 78\.0 MiB.*Largest: d11 12\.0 MiB, .*d2 3\.0 MiB\.$/,
    );
    expect(() => checkSize("x", sizes, 78 * 1024 * 1024)).to.not.throw();
  });
});
