/** What decides a layer's bytes, as one key. */
import { createHash } from "node:crypto";
import type { Architecture, PackageSpec, PythonVersion } from "../../contracts/target";
import type { Lock } from "../../contracts/builder";
import { isPureLock } from "./lock";
import { uvPlatform } from "./platform";

/** Raise it whenever the same lock would come out as other bytes: rules of pruning, layout of the zip, build constraints. */
export const BUILDER_VERSION = "2";

/**
 * sha256 over lock and recipe, in lower-case hex. File addresses are no part of it: a mirror serves the same bytes. A pure
 * lock has one key for all architectures. The version of zlib counts, since a part of each zip is deflated here.
 */
export function buildKeyOf(
  lock: Lock,
  target: {
    readonly package: PackageSpec;
    readonly python: PythonVersion;
    readonly architecture: Architecture;
  },
  zlib: string = process.versions.zlib,
): string {
  const recipe = {
    builder: BUILDER_VERSION,
    zlib,
    python: target.python,
    platform: isPureLock(lock) ? "any" : uvPlatform(target.python, target.architecture),
    package: target.package.name,
    prune: { tests: target.package.prune.tests, runtime: target.package.prune.runtime },
    files: lock.packages.map((entry) => [
      entry.name,
      entry.version,
      entry.kind,
      entry.file.filename,
      entry.file.sha256,
    ]),
  };
  return createHash("sha256").update(JSON.stringify(recipe)).digest("hex");
}
