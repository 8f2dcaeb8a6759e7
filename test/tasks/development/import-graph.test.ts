import { expect } from "chai";
import { ImportGraph, readImports } from "../../../tasks/development/import-graph";
import { allModules } from "../../../tasks/development/test-files";

describe("the import graph", () => {
  it("finds what needs a file through others, also in a circle", () => {
    const graph = new ImportGraph(
      new Map([
        ["a.ts", ["b.ts"]],
        ["b.ts", ["c.ts", "a.ts"]],
        ["d.ts", []],
      ]),
      [],
    );
    expect([...graph.affectedBy(["c.ts"])].sort()).to.deep.equal(["a.ts", "b.ts", "c.ts"]);
    expect(graph.neededBy("d.ts")).to.deep.equal([]);
  });

  it("finds who reads a file by its name, though the file is gone", () => {
    const graph = new ImportGraph(new Map([["reader.ts", []]]), [{ files: /^data\//, readers: /^reader/ }]);
    expect([...graph.affectedBy(["data/gone.csv"])]).to.deep.equal(["data/gone.csv", "reader.ts"]);
    expect(graph.knows("data/gone.csv")).to.equal(true);
    expect(graph.knows("other.csv")).to.equal(false);
  });

  describe("of this project", () => {
    let graph: ImportGraph;
    before(async () => {
      graph = await readImports(allModules());
    });
    const tests = (file: string): string[] =>
      [...graph.affectedBy([file])].filter((affected) => affected.endsWith(".test.ts"));

    it("has imports, lazy imports, and files found by name", () => {
      expect(tests("runtime/shared/requirement.ts")).to.include("test/runtime/shared/requirement.test.ts");
      expect(tests("tasks/platform/status.ts")).to.include("test/tasks/cli/command-line.test.ts");
      expect(tests("local/emulator/additions/start.py")).to.include("test/local/emulator/additions.test.ts");
      expect(tests("stacks/catalog/test/regions.csv")).to.include("test/infra/program.test.ts");
      expect(tests("Pulumi.dev.yaml")).to.include("test/infra/stages.test.ts");
      expect(tests("index.ts")).to.include("test/e2e/platform.test.ts");
    });

    it("doesn't say that everything needs everything", () => {
      expect(tests("tasks/layers/layer-table.ts")).not.to.include("test/runtime/layers/run/plan.test.ts");
    });
  });
});
