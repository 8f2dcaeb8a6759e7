/** Decides which files of an installed tree do not go into the layer. */
import type { PrunePolicy } from "../../contracts/target";

/**
 * The large distributions that the Lambda Python runtime brings. It also brings small ones (python-dateutil, six, urllib3).
 * Those stay in the layer, because packages often need another version of them.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
 */
const RUNTIME_DISTRIBUTIONS: ReadonlySet<string> = new Set(["boto3", "botocore", "jmespath", "s3transfer"]);

/** Files of installers that are of no use in a layer, or that differ between machines (addresses, times). */
const INSTALLER_FILES = new Set(["direct_url.json", "uv_cache.json", "REQUESTED"]);

export interface PruneRequest {
  /** All files of the tree, relative, with `/`. */
  readonly files: readonly string[];
  /** Command-line scripts of the installer: files under `bin/` that start with `#!`. */
  readonly scripts: ReadonlySet<string>;
  /** Test directories (`numpy/_core/tests`) that are imported by code outside of them. */
  readonly neededTests: ReadonlySet<string>;
  readonly policy: PrunePolicy;
  /** Normalised name of the requested package. */
  readonly requested: string;
  readonly distributions: readonly { readonly name: string; readonly paths: readonly string[] }[];
}

interface PrunePlan {
  readonly keep: readonly string[];
  /** Not in the layer, but used in the import test: the runtime brings it. */
  readonly aside: readonly string[];
  readonly drop: readonly string[];
}

/** Decides for each file. Each file is in exactly one of the three lists; the order stays. */
export function planPrune(request: PruneRequest): PrunePlan {
  const all = new Set(request.files);
  const runtime = runtimePaths(request);
  const keep: string[] = [];
  const aside: string[] = [];
  const drop: string[] = [];
  for (const path of request.files) {
    if (isDropped(path, request, all)) drop.push(path);
    else if (runtime.has(path)) aside.push(path);
    else keep.push(path);
  }
  return { keep, aside, drop };
}

/** Files that the runtime brings. None, if boto3 itself was requested: it comes with the botocore that fits it. */
function runtimePaths({ policy, requested, distributions }: PruneRequest): ReadonlySet<string> {
  if (!policy.runtime || RUNTIME_DISTRIBUTIONS.has(requested)) return new Set();
  return new Set(
    distributions.filter(({ name }) => RUNTIME_DISTRIBUTIONS.has(name)).flatMap(({ paths }) => paths),
  );
}

function isDropped(path: string, request: PruneRequest, all: ReadonlySet<string>): boolean {
  const segments = path.split("/");
  const file = segments.at(-1) ?? "";
  if (path === ".lock" || segments.includes("__pycache__")) return true;
  // A distribution without sources has its modules as .pyc files. Those stay.
  if (/\.py[co]$/.test(file) && all.has(path.replace(/[co]$/, ""))) return true;
  if (segments.length === 2 && segments[0]?.endsWith(".dist-info") && INSTALLER_FILES.has(file)) return true;
  // Lambda has no command line, and these scripts name this machine's interpreter. Programs in bin/ stay.
  if (request.scripts.has(path)) return true;
  const tests = testsFolderOf(path);
  return request.policy.tests && tests !== undefined && !request.neededTests.has(tests);
}

/** The outermost `tests` directory inside a package that contains this file. A top-level `tests` is a package itself. */
export function testsFolderOf(path: string): string | undefined {
  const segments = path.split("/");
  const at = segments.indexOf("tests", 1);
  return at === -1 || at === segments.length - 1 ? undefined : segments.slice(0, at + 1).join("/");
}

const IMPORT = /^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+([^#\n]*)|import[ \t]+([.\w]+))/gm;

/** The test directories that a module's source imports. Some packages have parts of their public code there, such as numpy. */
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
