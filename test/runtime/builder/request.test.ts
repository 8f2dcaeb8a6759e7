import { expect } from "chai";
import { parseBuildItem, parseRequest } from "../../../runtime/builder/request";

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
    buildKey: "b".repeat(64),
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
});
