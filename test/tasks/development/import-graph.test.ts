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
    const affected = (file: string): string[] => [...graph.affectedBy([file])];
    const someBelow = (file: string, folder: string): boolean =>
      affected(file).some((other) => other.startsWith(folder) && other.endsWith(".test.ts"));

    it("has imports, lazy imports, and files found by name", () => {
      expect(affected("local/lock.ts")).to.include("test/local/lock.test.ts");
      expect(affected("tasks/platform/status.ts")).to.include("test/tasks/cli/command-line.test.ts");
      expect(someBelow("local/emulator/additions/start.py", "test/local/emulator/")).to.equal(true);
      expect(someBelow("stacks/catalog/test/regions.csv", "test/infra/")).to.equal(true);
      expect(someBelow("Pulumi.dev.yaml", "test/infra/")).to.equal(true);
      expect(someBelow("index.ts", "test/e2e/")).to.equal(true);
      expect(affected("runtime/layers/entities/layers.ts")).to.include(
        "test/runtime/shared/table/open-table.test.ts",
      );
    });

    it("doesn't say that everything needs everything", () => {
      expect(someBelow("tasks/cli/options.ts", "test/runtime/")).to.equal(false);
    });
  });
});
