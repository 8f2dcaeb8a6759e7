import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { changedFiles, planTests } from "../../../tasks/development/changes";
import { ImportGraph } from "../../../tasks/development/import-graph";
import { rejection } from "../../local/home";

describe("what a change can have broken", () => {
  const tests = ["test/a.test.ts", "test/b.test.ts", "test/e2e/platform.test.ts"];
  const graph = new ImportGraph(
    new Map([
      ["test/a.test.ts", ["a.ts"]],
      ["test/b.test.ts", ["b.ts"]],
      ["test/e2e/platform.test.ts", []],
    ]),
    [
      { files: /^index\.ts$/, readers: /^test\/e2e\// },
      { files: /\.csv$/, readers: /^test\/b\.test/ },
    ],
  );

  it("is the tests that need it, and end-to-end tests only by a hint", () => {
    expect(planTests(["a.ts"], tests, graph)).to.deep.equal({
      tests: ["test/a.test.ts"],
      unknown: [],
      needsEndToEnd: false,
    });
    expect(planTests(["index.ts", "rows.csv"], tests, graph)).to.deep.equal({
      tests: ["test/b.test.ts"],
      unknown: [],
      needsEndToEnd: true,
    });
  });

  it("is a test itself, and nothing where only people read", () => {
    expect(planTests(["test/b.test.ts", "README.md"], tests, graph).tests).to.deep.equal(["test/b.test.ts"]);
    expect(planTests(["README.md", "eslint.config.mjs"], tests, graph)).to.deep.equal({
      tests: [],
      unknown: [],
      needsEndToEnd: false,
    });
  });

  it("is every unit test when it is not known", () => {
    expect(planTests(["package-lock.json"], tests, graph)).to.deep.equal({
      tests: ["test/a.test.ts", "test/b.test.ts"],
      unknown: ["package-lock.json"],
      needsEndToEnd: true,
    });
  });
});

describe("what differs from main", () => {
  let folder: string;
  const git = (...args: string[]): string => {
    const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    return execFileSync("git", [...who, ...args], { cwd: folder, encoding: "utf8", stdio: "pipe" });
  };
  const commit = (...files: string[]): void => {
    for (const file of files) writeFileSync(join(folder, file), `${file}\n`);
    git("add", "--all");
    git("commit", "--quiet", "--message", files.join(" "));
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "strata-changes-"));
    git("init", "--quiet", "--initial-branch=main");
    commit("one", "two", "three", "four");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is what this branch committed, staged, changed, added and deleted", async () => {
    git("switch", "--quiet", "--create", "branch");
    commit("committed");
    writeFileSync(join(folder, "one"), "staged\n");
    git("add", "one");
    writeFileSync(join(folder, "two"), "changed\n");
    writeFileSync(join(folder, "new"), "new\n");
    rmSync(join(folder, "three"));
    // What main got in the meantime is none of this branch's.
    git("stash", "--quiet", "--include-untracked");
    git("switch", "--quiet", "main");
    commit("later");
    git("switch", "--quiet", "branch");
    git("stash", "pop", "--quiet", "--index");
    expect(await changedFiles(folder)).to.deep.equal(["committed", "new", "one", "three", "two"]);
  });

  it("can't be told without main, its history, or git; the error says what to do", async () => {
    git("switch", "--quiet", "--detach");
    git("branch", "--quiet", "--delete", "--force", "main");
    expect((await rejection(changedFiles(folder))).message).to.match(/git fetch origin main:main/);
    git("switch", "--quiet", "--orphan", "main");
    commit("unrelated");
    git("switch", "--quiet", "--orphan", "branch");
    commit("own");
    expect((await rejection(changedFiles(folder))).message).to.match(/git fetch --unshallow/);
    rmSync(join(folder, ".git"), { recursive: true });
    expect((await rejection(changedFiles(folder))).message).to.match(/no git checkout/);
  });
});
