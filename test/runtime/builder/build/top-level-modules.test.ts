import { expect } from "chai";
import { topLevelModules } from "../../../../runtime/builder/build/top-level-modules";

describe("top-level modules", () => {
  it("are packages, plain modules and compiled modules", () => {
    const paths = [
      "pkg/__init__.py",
      "pkg/sub/__init__.py",
      "plain.py",
      "native.cpython-312-x86_64-linux-gnu.so",
      "stable.abi3.so",
    ];
    expect(topLevelModules([...paths, "pkg-1.dist-info/RECORD", "../../bin/tool"])).to.deep.equal([
      "native",
      "pkg",
      "plain",
      "stable",
    ]);
  });

  it("are found inside namespace packages", () => {
    const paths = ["google/cloud/storage/__init__.py", "google/cloud/storage/blob.py", "google/resumable.py"];
    expect(topLevelModules(paths)).to.deep.equal(["google.cloud.storage", "google.resumable"]);
  });

  it("leave out private and stray names, unless there are no others", () => {
    expect(
      topLevelModules(["yaml/__init__.py", "_yaml/__init__.py", "tests/__init__.py", "1f__mypyc.so"]),
    ).to.deep.equal(["yaml"]);
    expect(topLevelModules(["_cffi_backend.abi3.so"])).to.deep.equal(["_cffi_backend"]);
    expect(topLevelModules(["share/data.txt", "bin/tool.py"])).to.be.empty;
  });
});
