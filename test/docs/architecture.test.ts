import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const ROOT = join(__dirname, "../..");

describe("docs/architecture.md", () => {
  it("names only files that exist, but for the service that it adds as an example", () => {
    const text = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
    const named = [...text.matchAll(/`((?:\w[\w-]*\/)+[\w.-]+\.(?:c?ts|yaml|md|json))`/g)].flatMap(
      ([, path]) => path ?? [],
    );
    const files = named.filter((path) => !path.includes("bundles"));
    expect(files.length).to.be.greaterThan(30);
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).to.deep.equal([]);
  });
});
