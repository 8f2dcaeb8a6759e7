/** Finds test files: all of them, or those that a user means. Paths are relative to the checkout, with forward slashes. */
import { readdirSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { REPOSITORY } from "../../local/paths";
import { TaskError } from "../cli/output";
import type { ImportGraph } from "./import-graph";

/** Every test file, sorted. */
export function allTestFiles(): readonly string[] {
  return filesBelow("test").filter((file) => file.endsWith(".test.ts"));
}

/** Every module of the project, tests included. */
export function allModules(): readonly string[] {
  const rooms = ["bench", "infra", "local", "runtime", "stacks", "tasks", "test"];
  const files = ["index.ts", ...rooms.flatMap(filesBelow)];
  return files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
}

function filesBelow(folder: string): string[] {
  const files = readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: "utf8" });
  return files.map((file) => `${folder}/${file.split(sep).join("/")}`).sort();
}

/** Whether a test needs a platform of its own, and takes minutes. */
export function isEndToEnd(file: string): boolean {
  return file.startsWith("test/e2e/");
}

/**
 * The test files that a user means. Each pattern is a test file, a folder, a module (its own test, or else the tests that import
 * it), or a part of the paths of tests. End-to-end tests are only meant where nothing else is.
 *
 * @param tests every test file.
 * @param graph asked for only where a module has no test of its own.
 * @throws TaskError when a pattern matches nothing.
 */
export async function selectTests(
  patterns: readonly string[],
  tests: readonly string[],
  graph: () => Promise<ImportGraph>,
): Promise<readonly string[]> {
  const selected = new Set<string>();
  for (const pattern of patterns) {
    const matched = await testsFor(pattern, tests, graph);
    if (matched.length === 0) {
      throw new TaskError(
        `no test matches ${pattern}. Give a test file, a folder, a module of the project, or a part of a test file's path`,
      );
    }
    for (const file of matched) selected.add(file);
  }
  return [...selected].sort();
}

async function testsFor(
  pattern: string,
  tests: readonly string[],
  graph: () => Promise<ImportGraph>,
): Promise<readonly string[]> {
  const path = relative(REPOSITORY, resolve(pattern)).split(sep).join("/");
  const kind = statSync(resolve(pattern), { throwIfNoEntry: false });
  if (tests.includes(path)) return [path];
  if (kind?.isDirectory() === true) {
    const folder = path === "test" || path.startsWith("test/") ? path : `test/${path}`;
    return preferUnit(tests.filter((file) => file.startsWith(`${folder}/`)));
  }
  if (kind !== undefined && path.endsWith(".ts")) {
    const own = `test/${path.replace(/\.ts$/, ".test.ts")}`;
    if (tests.includes(own)) return [own];
    const importers = (await graph()).neededBy(path);
    return preferUnit(tests.filter((file) => importers.includes(file)));
  }
  return preferUnit(tests.filter((file) => file.includes(pattern)));
}

function preferUnit(files: readonly string[]): readonly string[] {
  const unit = files.filter((file) => !isEndToEnd(file));
  return unit.length > 0 ? unit : files;
}
