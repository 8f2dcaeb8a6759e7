/** Finds the modules of a distribution from the paths that it installs. */

const SUFFIX = /(\.py|\.pyc|(\.[A-Za-z0-9_-]+)?\.so)$/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Names that many wheels install next to their package by mistake. To import them proves nothing. */
const STRAY_NAMES = new Set([
  "tests",
  "test",
  "docs",
  "doc",
  "examples",
  "example",
  "scripts",
  "benchmarks",
  "setup",
  "conftest",
]);

interface Folder {
  readonly modules: Set<string>;
  readonly folders: Map<string, Folder>;
}

/**
 * The names of the public top-level modules, sorted, as in an `import`. A namespace package has no `__init__`; it is replaced
 * by the packages inside (`google.cloud.storage`). Names with a leading underscore count only if there are no others.
 * @param paths the files in the distribution's RECORD, relative to the tree.
 */
export function topLevelModules(paths: readonly string[]): string[] {
  const root: Folder = { modules: new Set(), folders: new Map() };
  for (const path of paths) add(root, path.split("/"));
  const all = found(root, "");
  const publicOnes = all.filter((name) => !/(^|\.)_/.test(name) && !STRAY_NAMES.has(name));
  return (publicOnes.length > 0 ? publicOnes : all).sort();
}

function add(root: Folder, segments: readonly string[]): void {
  const file = segments.at(-1) ?? "";
  const folders = segments.slice(0, -1);
  if (!SUFFIX.test(file) || !folders.every((segment) => IDENTIFIER.test(segment))) return;
  const module = file.replace(SUFFIX, "");
  if (!IDENTIFIER.test(module)) return;
  let folder = root;
  for (const segment of folders) {
    const next = folder.folders.get(segment) ?? { modules: new Set(), folders: new Map() };
    folder.folders.set(segment, next);
    folder = next;
  }
  folder.modules.add(module);
}

function found(folder: Folder, prefix: string): string[] {
  const names = [...folder.modules].filter((name) => name !== "__main__").map((name) => prefix + name);
  for (const [name, inner] of folder.folders) {
    if (inner.modules.has("__init__")) names.push(prefix + name);
    else if (name !== "__pycache__" && name !== "bin") names.push(...found(inner, `${prefix}${name}.`));
  }
  return names;
}
