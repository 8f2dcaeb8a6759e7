/** Everything that decides a layer's bytes, as one key. */
import { createHash } from "node:crypto";
import type { Lock } from "../../contracts/lock";
import type { Target } from "../../contracts/target";
import { isPureLock, uvPlatform } from "../wheel-tags";

/** Raise it whenever a change of the builder gives other bytes for the same lock: prune rules, zip layout, build constraints. */
const BUILDER_VERSION = "2";

/**
 * sha256 over lock and recipe, in lower-case hex. The addresses of files don't count, since a mirror serves the same bytes. A
 * pure lock has one key for all architectures. The version of zlib counts, because it compresses a part of each zip.
 */
export function buildKeyOf(lock: Lock, target: Target, zlib: string = process.versions.zlib): string {
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
