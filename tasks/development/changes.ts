/** What differs from the branch `main`, and which tests that can have broken. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { REPOSITORY } from "../../local/paths";
import { TaskError } from "../cli/output";
import type { ImportGraph } from "./import-graph";
import { isEndToEnd } from "./test-files";

/** Names that `main` may have here: the branch itself, or what was fetched of it. */
const MAIN = ["main", "origin/main"];

/** Files that only people and the static checks read. */
const NOT_RUN =
  /\.md$|\.d\.ts$|^\.(editorconfig|gitignore|prettierrc\.json|prettierignore)$|^(eslint|knip|\.dependency-cruiser)\b/;

/** Tests that any change can break: docs name files of every room. */
const ALWAYS_RUN = /^test\/docs\//;

/** What a change asks for. */
export interface TestPlan {
  /** Unit tests to run. */
  readonly tests: readonly string[];
  /** Changed files of which it isn't known what needs them. Then every unit test runs. */
  readonly unknown: readonly string[];
  /** Whether code that is deployed, or deploys, changed: only the end-to-end tests show that the whole still works. */
  readonly needsEndToEnd: boolean;
}

/**
 * The tests that a change can have broken: those that need a changed file, however indirectly.
 *
 * @param changed paths relative to the checkout, also of files that were deleted.
 * @param tests every test file.
 */
export function planTests(
  changed: readonly string[],
  tests: readonly string[],
  graph: ImportGraph,
): TestPlan {
  const affected = graph.affectedBy(changed);
  const unknown = changed.filter(
    (file) => !file.endsWith(".ts") && !NOT_RUN.test(file) && !graph.knows(file),
  );
  const unit = tests.filter((file) => !isEndToEnd(file));
  return {
    tests: unknown.length > 0 ? unit : unit.filter((file) => affected.has(file) || ALWAYS_RUN.test(file)),
    unknown,
    needsEndToEnd: unknown.length > 0 || tests.some((file) => isEndToEnd(file) && affected.has(file)),
  };
}

/**
 * Files that differ from where this branch left `main`: committed, staged, changed, new and deleted ones.
 *
 * @throws TaskError when there is no `main` here to compare with.
 */
export async function changedFiles(folder = REPOSITORY): Promise<readonly string[]> {
  const base = await branchPoint(folder);
  const lists = await Promise.all([
    git(folder, "diff", "--name-only", "--no-renames", "-z", base),
    git(folder, "ls-files", "--others", "--exclude-standard", "-z"),
  ]);
  return [...new Set(lists.flatMap((list) => list.split("\0")).filter((file) => file !== ""))].sort();
}

async function branchPoint(folder: string): Promise<string> {
  if (!(await succeeds(folder, "rev-parse", "--git-dir"))) {
    throw new TaskError("--changed compares with the branch main, and this folder is no git checkout");
  }
  const known: string[] = [];
  for (const name of MAIN) {
    if (await succeeds(folder, "rev-parse", "--verify", "--quiet", `${name}^{commit}`)) known.push(name);
  }
  const [main] = known;
  if (main === undefined) {
    throw new TaskError(
      "--changed compares with the branch main, which is not in this checkout. Fetch it first: git fetch origin main:main",
    );
  }
  try {
    return (await git(folder, "merge-base", main, "HEAD")).trim();
  } catch (error) {
    throw new TaskError(
      `--changed finds no commit that HEAD and ${main} have in common. In a shallow checkout, run git fetch --unshallow first`,
      { cause: error },
    );
  }
}

async function git(folder: string, ...args: string[]): Promise<string> {
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  return (await promisify(execFile)("git", args, options)).stdout;
}

function succeeds(folder: string, ...args: string[]): Promise<boolean> {
  return git(folder, ...args).then(
    () => true,
    () => false,
  );
}
