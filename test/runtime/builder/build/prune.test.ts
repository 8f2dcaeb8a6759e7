import { expect } from "chai";
import fc from "fast-check";
import { planPrune, testsImportedBy, type PruneRequest } from "../../../../runtime/builder/build/prune";

const request = (files: string[], change: Partial<PruneRequest> = {}): PruneRequest => ({
  files,
  scripts: new Set(),
  neededTests: new Set(),
  policy: { tests: true, runtime: true },
  requested: "x",
  distributions: [],
  ...change,
});

describe("prune", () => {
  it("drops files that installers and interpreters leave", () => {
    const dropped = ["x/__pycache__/a.cpython-312.pyc", "x/a.pyc", ".lock", "x-1.dist-info/direct_url.json"];
    const more = ["x-1.dist-info/uv_cache.json", "x-1.dist-info/REQUESTED"];
    const kept = ["x/a.py", "x/only.pyc", "x-1.dist-info/RECORD", "x/direct_url.json"];
    const plan = planPrune(request([...dropped, ...more, ...kept]));
    expect(plan).to.deep.equal({ keep: kept, aside: [], drop: [...dropped, ...more] });
  });

  it("drops tests inside packages by policy, but neither a package called tests nor tests that code imports", () => {
    const files = ["x/tests/a.py", "x/y/tests/b/c.py", "tests/__init__.py", "x/tests.py", "x/latests/a.py"];
    expect(planPrune(request(files)).drop).to.deep.equal(["x/tests/a.py", "x/y/tests/b/c.py"]);
    expect(planPrune(request(files, { policy: { tests: false, runtime: true } })).drop).to.be.empty;
    expect(planPrune(request(files, { neededTests: new Set(["x/tests"]) })).drop).to.deep.equal([
      "x/y/tests/b/c.py",
    ]);
  });

  it("drops command-line scripts, and keeps programs", () => {
    const plan = planPrune(request(["bin/tool", "bin/program"], { scripts: new Set(["bin/tool"]) }));
    expect(plan).to.deep.equal({ keep: ["bin/program"], aside: [], drop: ["bin/tool"] });
  });

  it("moves aside what the runtime brings, unless it was requested or the policy keeps it", () => {
    const distributions = [{ name: "botocore", paths: ["botocore/__init__.py"] }];
    const files = ["botocore/__init__.py", "x/__init__.py"];
    expect(planPrune(request(files, { distributions })).aside).to.deep.equal(["botocore/__init__.py"]);
    for (const change of [{ requested: "boto3" }, { policy: { tests: true, runtime: false } }]) {
      expect(planPrune(request(files, { distributions, ...change })).keep).to.deep.equal(files);
    }
  });

  it("decides for each file exactly once", () => {
    const name = fc.constantFrom(
      "x",
      "tests",
      "__pycache__",
      "bin",
      "a.py",
      "a.pyc",
      "x-1.dist-info",
      "REQUESTED",
    );
    const paths = fc.uniqueArray(
      fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
    );
    fc.assert(
      fc.property(paths, (files) => {
        const { keep, aside, drop } = planPrune(
          request(files, { distributions: [{ name: "boto3", paths: files.slice(0, 2) }] }),
        );
        expect([...keep, ...aside, ...drop].sort()).to.deep.equal([...files].sort());
      }),
    );
  });

  it("finds imports of test directories, absolute and relative", () => {
    const seen = (path: string, source: string) => testsImportedBy(path, source);
    expect(seen("n/testing/u.py", "from n.core.tests._type import A")).to.deep.equal(["n/core/tests"]);
    expect(seen("n/testing/u.py", "    import n.core.tests.deep.more")).to.deep.equal(["n/core/tests"]);
    expect(seen("n/core/u.py", "from .tests import helper")).to.deep.equal(["n/core/tests"]);
    expect(seen("n/core/u.py", "from . import other, tests")).to.deep.equal(["n/core/tests"]);
    expect(seen("n/core/u.py", "from ..lib.tests.x import y")).to.deep.equal(["n/lib/tests"]);
    expect(seen("n/core/u.py", "# tests of from n import core\nimport unittest, latests")).to.be.empty;
  });
});
