import { expect } from "chai";
import { classifyInstallation, classifyResolution } from "../../../runtime/builder/resolve/classify";
import { failureOf, lastLines } from "../../../runtime/builder/failure";
import { planEviction } from "../../../runtime/builder/build/file-cache";
import { whyForeign } from "../../../runtime/builder/build/import-test";
import { parseBuildItem, parseRequest } from "../../../runtime/builder/request";
import { parseSettings } from "../../../runtime/builder/settings";
import { checkSize, distributionSizes } from "../../../runtime/builder/build/size-gate";

describe("classification of uv's words", () => {
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

describe("last lines", () => {
  it("are at most 20 of at most 500 characters, without colours and passwords", () => {
    const lines = lastLines(
      `${"line\n".repeat(30)}\u001b[31mred\u001b[0m https://me:secret@host/x\n\n${"y".repeat(900)}\n`,
    );
    expect(lines).to.have.length(20);
    expect(lines.at(-2)).to.equal("red https://***@host/x");
    expect(lines.at(-1)).to.have.length(500);
  });

  it("of an unknown error are its stack, and the kind is internal", () => {
    expect(failureOf(new Error("odd")))
      .to.deep.include({ kind: "internal" })
      .and.have.nested.property("lastLines[0]", "Error: odd");
  });
});

describe("cache of files", () => {
  it("drops the longest unused until the rest fits", () => {
    const files = [3, 1, 2].map((used) => ({ folder: String(used), bytes: 10, used }));
    expect(planEviction(files, 15).map(({ folder }) => folder)).to.deep.equal(["1", "2"]);
    expect(planEviction(files, 30)).to.be.empty;
  });
});

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

describe("import test", () => {
  it("runs compiled code only on its own kind of machine", () => {
    expect(whyForeign("x86_64", { platform: "linux", architecture: "x64" })).to.equal(undefined);
    expect(whyForeign("arm64", { platform: "linux", architecture: "x64" })).to.include("not arm64");
    expect(whyForeign("arm64", { platform: "darwin", architecture: "arm64" })).to.include("Linux");
  });
});

describe("builder input", () => {
  const prune = { tests: true, runtime: true };
  const spec = { name: "x", extras: [], specifier: "<2", prune };
  const resolve = {
    operation: "resolve",
    python: "3.12",
    packages: [spec],
    architectures: ["arm64"],
    outputUrl: "http://h/o",
  };
  const locked = {
    name: "x",
    version: "1",
    kind: "wheel",
    file: { url: "https://h/f", filename: "x.whl", sha256: "a".repeat(64) },
  };
  const item = {
    package: spec,
    version: "1",
    python: "3.12",
    architectures: ["arm64"],
    lock: { packages: [locked] },
    buildKey: "k",
  };

  it("passes when it is well formed", () => {
    expect(parseRequest(resolve)).to.deep.equal(resolve);
    expect(parseBuildItem(item)).to.deep.equal(item);
  });

  it("is refused with the field's name", () => {
    const options = { ...spec, specifier: "\n--index-url http://evil" };
    expect(() => parseRequest({ ...resolve, packages: [options] })).to.throw("packages[0].specifier");
    expect(() => parseRequest({ ...resolve, packages: [{ ...spec, name: "../x" }] })).to.throw(
      "packages[0].name",
    );
    expect(() => parseRequest({ ...resolve, python: "2.7" })).to.throw("python");
    const escaping = { ...locked, file: { ...locked.file, filename: "../../x.whl" } };
    expect(() => parseBuildItem({ ...item, lock: { packages: [escaping] } })).to.throw("filename");
  });

  it("includes the environment", () => {
    const good = { STRATA_UV: "/uv", STRATA_PYTHONS: '{"3.12":"/python"}', STRATA_CACHE: "/cache" };
    expect(parseSettings(good)).to.deep.include({
      uv: "/uv",
      pythons: { "3.12": "/python" },
      cache: "/cache",
    });
    expect(() => parseSettings({ ...good, STRATA_PYTHONS: "{" })).to.throw("STRATA_PYTHONS: is not JSON");
    expect(() => parseSettings({ STRATA_PYTHONS: "{}" })).to.throw("STRATA_UV");
  });
});
