import { expect } from "chai";
import fc from "fast-check";
import { buildKeyOf } from "../../../../runtime/builder/resolve/recipe";
import { isPureLock } from "../../../../runtime/builder/wheel-tags";
import type { Lock } from "../../../../runtime/contracts/lock";

const HASH = "0123456789abcdef".repeat(4);

describe("build key", () => {
  const prune = { tests: true, runtime: true };
  const spec = { name: "x", extras: [], specifier: "", prune };
  const target = { package: spec, python: "3.12", architecture: "x86_64" } as const;
  const lockOf = (filename: string, sha256 = HASH, url = "https://files.example/"): Lock => ({
    packages: [{ name: "x", version: "1", kind: "wheel", file: { url: url + filename, filename, sha256 } }],
  });
  const pure = lockOf("x-1-py3-none-any.whl");
  const native = lockOf("x-1-cp312-abi3-manylinux_2_17_x86_64.manylinux_2_17_aarch64.whl");

  it("is the same for all architectures exactly when the lock is pure", () => {
    expect([isPureLock(pure), isPureLock(native)]).to.deep.equal([true, false]);
    const arm = { ...target, architecture: "arm64" } as const;
    expect(buildKeyOf(pure, arm)).to.equal(buildKeyOf(pure, target));
    expect(buildKeyOf(native, arm)).to.not.equal(buildKeyOf(native, target));
  });

  it("does not depend on the address of a file", () => {
    expect(buildKeyOf(lockOf("x-1-py3-none-any.whl", HASH, "https://mirror.example/"), target)).to.equal(
      buildKeyOf(pure, target),
    );
  });

  it("changes with everything that changes the bytes", () => {
    const keys = [
      buildKeyOf(pure, target),
      buildKeyOf(lockOf("x-1-py3-none-any.whl", "f".repeat(64)), target),
      buildKeyOf(pure, { ...target, python: "3.13" }),
      buildKeyOf(pure, { ...target, package: { ...spec, prune: { ...prune, tests: false } } }),
      buildKeyOf(pure, { ...target, package: { ...spec, prune: { ...prune, runtime: false } } }),
      buildKeyOf(pure, target, "another zlib"),
    ];
    expect(new Set(keys).size).to.equal(keys.length);
  });

  it("is 64 hexadecimal digits, and repeatable", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (sha256) => {
        const key = buildKeyOf(lockOf("x-1-py3-none-any.whl", sha256), target);
        expect(key).to.match(/^[0-9a-f]{64}$/);
        expect(buildKeyOf(lockOf("x-1-py3-none-any.whl", sha256), { ...target })).to.equal(key);
      }),
    );
  });
});
