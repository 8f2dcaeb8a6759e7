import { expect } from "chai";
import { parsePylock } from "../../../../runtime/builder/resolve/pylock";

const HASH = "0123456789abcdef".repeat(4);
const file = (name: string) => `{ url = "https://files.example/a/${name}", hashes = { sha256 = "${HASH}" } }`;
const pylock = (...entries: string[]) =>
  `lock-version = "1.0"\n${entries.map((entry) => `[[packages]]\n${entry}\n`).join("")}`;
const entry = (name: string, wheels: string[], sdist?: string) =>
  `name = "${name}"\nversion = "1.0"\nwheels = [${wheels.map(file).join(", ")}]\n${sdist ? `sdist = ${file(sdist)}` : ""}`;

describe("pylock.toml", () => {
  it("has one file per package, sorted by normalised name", () => {
    const text = pylock(
      entry(
        "Zed",
        ["zed-1.0-py3-none-any.whl", "zed-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"],
        "zed-1.0.tar.gz",
      ),
      entry("A.b_c", [], "a%2Bb-1.0.tar.gz"),
    );
    const { packages } = parsePylock(text, "3.12", "x86_64");
    expect(packages.map(({ name, kind, file: { filename } }) => [name, kind, filename])).to.deep.equal([
      ["a-b-c", "sdist", "a+b-1.0.tar.gz"],
      ["zed", "wheel", "zed-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"],
    ]);
    expect(packages[0]?.file.sha256).to.equal(HASH);
  });

  it("is refused when nothing fits, or a file has no hash", () => {
    const foreign = pylock(entry("x", ["x-1.0-cp312-cp312-win_amd64.whl"]));
    expect(() => parsePylock(foreign, "3.12", "arm64")).to.throw(
      "x 1.0 has no wheel for Python 3.12 on arm64",
    );
    const unhashed = pylock(
      `name = "x"\nversion = "1"\nwheels = [{ url = "https://files.example/x-1-py3-none-any.whl", hashes = {} }]`,
    );
    expect(() => parsePylock(unhashed, "3.12", "x86_64")).to.throw("no address or no sha256");
  });
});
