import { expect } from "chai";
import { classifyInstallation, classifyResolution } from "../../../runtime/builder/uv";

describe("errors of uv", () => {
  const cases = [
    [
      "Because a==1 depends on\n     b<2 and you require b>=2, your requirements are unsatisfiable.",
      "conflict",
    ],
    [
      "Because the requested Python version (>=3.12) does not satisfy Python>=3.13 and a==1 depends on Python>=3.13",
      "conflict",
    ],
    ["Because all versions of a have no usable\n   wheels and you require a", "no-wheel"],
    ["Because a has no wheels with a matching platform tag (e.g., `x`) and you require a", "no-wheel"],
    ["error: Failed to build `a==1`", "no-wheel"],
    ["Because there is no version of a==99 and b depends on a==99", "not-found"],
    [
      "error: Request failed after 3 retries in 6.0s\n cause: Failed to fetch: `https://index.example/simple/a/`",
      "network",
    ],
    ["error: Hash mismatch for `a==1`", "hash"],
    ["thread 'main' panicked", "internal"],
  ] as const;
  for (const [output, kind] of cases) {
    it(`calls it ${kind}: ${output.slice(0, 60).replaceAll("\n", " ")}`, () => {
      expect(classifyResolution("a", output)).to.have.property("kind", kind);
    });
  }

  it("knows a damaged file when installing", () => {
    expect(classifyInstallation("a", "Hash mismatch for `a`")).to.have.property("kind", "hash");
    expect(classifyInstallation("a", "Failed to read `a`: invalid zip header")).to.have.property(
      "kind",
      "no-wheel",
    );
  });
});
