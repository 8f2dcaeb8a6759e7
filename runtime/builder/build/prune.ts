/** What of an installed tree does not go into the layer: decisions over a list of paths. */
import type { PrunePolicy } from "../../contracts/target";

/**
 * Distributions that the Lambda Python runtime brings and that are large. The runtime's other ones (python-dateutil, six,
 * urllib3) are small and often needed in another version than the runtime's, so they stay.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
 */
export const RUNTIME_DISTRIBUTIONS: ReadonlySet<string> = new Set([
  "boto3",
  "botocore",
  "jmespath",
  "s3transfer",
]);

/** What installers leave that is of no use in a layer, or differs from machine to machine (addresses, times). */
const INSTALLER_FILES = new Set(["direct_url.json", "uv_cache.json", "REQUESTED"]);

export interface PruneQuestion {
  /** All files of the tree, relative, with `/`. */
  readonly files: readonly string[];
  /** Files that the installer made for the command line: text with a `#!` first line under `bin/`. */
  readonly scripts: ReadonlySet<string>;
  /** Test directories (`numpy/_core/tests`) that code outside of them imports. */
  readonly neededTests: ReadonlySet<string>;
  readonly policy: PrunePolicy;
  /** Normalised name of the package asked for. */
  readonly requested: string;
  readonly distributions: readonly { readonly name: string; readonly paths: readonly string[] }[];
}

export interface PrunePlan {
  readonly keep: readonly string[];
  /** Not in the layer, yet there for the import test: the runtime will bring it. */
  readonly aside: readonly string[];
  readonly drop: readonly string[];
}

/** Decides for each file. The three lists are disjoint, cover all files, and keep their order. */
export function planPrune(question: PruneQuestion): PrunePlan {
  const all = new Set(question.files);
  const runtime = runtimePaths(question);
  const keep: string[] = [];
  const aside: string[] = [];
  const drop: string[] = [];
  for (const path of question.files) {
    if (isDropped(path, question, all)) drop.push(path);
    else if (runtime.has(path)) aside.push(path);
    else keep.push(path);
  }
  return { keep, aside, drop };
}

/** Who asks for boto3 wants that very boto3, with the botocore that fits it. */
function runtimePaths({ policy, requested, distributions }: PruneQuestion): ReadonlySet<string> {
  if (!policy.runtime || RUNTIME_DISTRIBUTIONS.has(requested)) return new Set();
  return new Set(
    distributions.filter(({ name }) => RUNTIME_DISTRIBUTIONS.has(name)).flatMap(({ paths }) => paths),
  );
}

function isDropped(path: string, question: PruneQuestion, all: ReadonlySet<string>): boolean {
  const segments = path.split("/");
  const file = segments.at(-1) ?? "";
  if (path === ".lock" || segments.includes("__pycache__")) return true;
  // A distribution without sources has its modules as .pyc: those stay.
  if (/\.py[co]$/.test(file) && all.has(path.replace(/[co]$/, ""))) return true;
  if (segments.length === 2 && segments[0]?.endsWith(".dist-info") && INSTALLER_FILES.has(file)) return true;
  // Lambda has no command line, and such a script names this machine's interpreter. Real programs in bin/ stay.
  if (question.scripts.has(path)) return true;
  const tests = testsFolderOf(path);
  return question.policy.tests && tests !== undefined && !question.neededTests.has(tests);
}

/** The outermost `tests` directory inside a package that holds this file. A top-level `tests` is a package itself. */
export function testsFolderOf(path: string): string | undefined {
  const segments = path.split("/");
  const at = segments.indexOf("tests", 1);
  return at === -1 || at === segments.length - 1 ? undefined : segments.slice(0, at + 1).join("/");
}

const IMPORT = /^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+([^#\n]*)|import[ \t]+([.\w]+))/gm;

/** The test directories that a module's source imports: some packages keep parts of their public code there (numpy does). */
export function testsImportedBy(path: string, source: string): string[] {
  const found: string[] = [];
  for (const [, from, names, plain] of source.matchAll(IMPORT)) {
    const module = absolute(path, from ?? plain ?? "");
    const imported = /\btests\b/.test(names ?? "") ? [...module, "tests"] : module;
    const at = imported.indexOf("tests", 1);
    if (at !== -1) found.push(imported.slice(0, at + 1).join("/"));
  }
  return found;
}

function absolute(path: string, module: string): string[] {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const names = module
    .slice(dots)
    .split(".")
    .filter((name) => name !== "");
  return dots === 0 ? names : [...path.split("/").slice(0, -dots), ...names];
}
