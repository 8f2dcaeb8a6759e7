/** Prunes a folder of installed packages, as `planPrune` decides. */
import { closeSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PackageSpec } from "../../contracts/target";
import { listTree, type TreeFile } from "../tree";
import { planPrune, testsFolderOf, testsImportedBy } from "./prune";
import { rewriteRecord, type InstalledDistribution } from "./wheel-record";

/**
 * Removes what the policy leaves out, moves what the Lambda runtime brings to `aside`, and updates the RECORD files.
 * @returns the remaining files, sorted by the bytes of their paths.
 */
export function pruneTree(
  tree: string,
  aside: string,
  spec: PackageSpec,
  distributions: readonly InstalledDistribution[],
): TreeFile[] {
  const files = listTree(tree);
  const paths = files.map(({ path }) => path);
  const plan = planPrune({
    files: paths,
    scripts: scriptsIn(tree, paths),
    neededTests: spec.prune.tests ? neededTests(tree, paths) : new Set(),
    policy: spec.prune,
    requested: spec.name,
    distributions,
  });
  for (const path of plan.drop) rmSync(join(tree, path));
  mkdirSync(aside, { recursive: true });
  for (const path of plan.aside) {
    mkdirSync(dirname(join(aside, path)), { recursive: true });
    renameSync(join(tree, path), join(aside, path));
  }
  const kept = new Set(plan.keep);
  for (const { folder } of distributions) {
    if (kept.has(`${folder}/RECORD`)) rewriteRecord(tree, folder, kept);
  }
  return listTree(tree);
}

function scriptsIn(tree: string, paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.filter((path) => path.startsWith("bin/") && firstBytes(join(tree, path)) === "#!"));
}

function firstBytes(path: string): string {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(2);
    return head.subarray(0, readSync(file, head)).toString("latin1");
  } finally {
    closeSync(file);
  }
}

function neededTests(tree: string, paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set(paths.flatMap((path) => testsFolderOf(path) ?? []));
  if (folders.size === 0) return folders;
  const packages = new Set([...folders].map((folder) => folder.split("/")[0]));
  const needed = new Set<string>();
  for (const path of paths) {
    if (!path.endsWith(".py") || testsFolderOf(path) !== undefined || !packages.has(path.split("/")[0]))
      continue;
    const source = readFileSync(join(tree, path));
    if (!source.includes("tests")) continue;
    for (const folder of testsImportedBy(path, source.toString("utf8")))
      if (folders.has(folder)) needed.add(folder);
  }
  return needed;
}
