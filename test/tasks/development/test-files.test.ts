import { expect } from "chai";
import { ImportGraph } from "../../../tasks/development/import-graph";
import { allTestFiles, selectTests } from "../../../tasks/development/test-files";
import { rejection } from "../../local/home";

describe("the tests that a pattern means", () => {
  const importing = new ImportGraph(
    new Map([
      ["test/local/lock.test.ts", ["local/processes.ts"]],
      ["test/e2e/platform.test.ts", ["local/processes.ts"]],
    ]),
    [],
  );
  const select = (...patterns: string[]): Promise<readonly string[]> =>
    selectTests(patterns, allTestFiles(), () => Promise.resolve(importing));

  it("are the file itself, or all in a folder", async () => {
    expect(await select("test/local/lock.test.ts")).to.deep.equal(["test/local/lock.test.ts"]);
    expect(await select("test/tasks/cli/")).to.include("test/tasks/cli/command-line.test.ts");
    expect(await select("tasks/cli")).to.deep.equal(await select("test/tasks/cli"));
  });

  it("are the mirror of a module, or what imports it", async () => {
    expect(await select("local/lock.ts")).to.deep.equal(["test/local/lock.test.ts"]);
    expect(await select("local/processes.ts")).to.deep.equal(["test/local/lock.test.ts"]);
  });

  it("are those whose path has it as a part, each once", async () => {
    expect(await select("cli/command", "command-line")).to.deep.equal([
      "test/tasks/cli/command-line.test.ts",
    ]);
  });

  it("are end-to-end tests only where nothing else is meant", async () => {
    expect(await select("platform")).not.to.include("test/e2e/platform.test.ts");
    expect(await select("e2e/platform")).to.deep.equal(["test/e2e/platform.test.ts"]);
  });

  it("are refused when there are none", async () => {
    expect((await rejection(select("command-line", "no/such/test"))).message).to.match(
      /^no test matches no\/such\/test\. Give a test file/,
    );
  });
});
