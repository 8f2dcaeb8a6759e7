/** Reads uv's `pylock.toml` (PEP 751) for one target into a lock with exactly one file per package. */
import { parse as parseToml } from "smol-toml";
import { z } from "zod";
import { normalizeName, type Architecture, type PythonVersion } from "../../contracts/target";
import { lockSchema, type Lock, type LockedFile, type LockedPackage } from "../../contracts/lock";
import { targetFailure } from "../failure";
import { pickWheel } from "../wheel-tags";

const fileSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  name: z.string().optional(),
  hashes: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
});

const pylockSchema = z.object({
  packages: z
    .array(
      z.object({
        name: z.string(),
        version: z.string(),
        wheels: z.array(fileSchema).optional(),
        sdist: fileSchema.optional(),
      }),
    )
    .default([]),
});

function lockedFile(file: z.infer<typeof fileSchema>): LockedFile {
  const path = new URL(file.url).pathname;
  const filename = file.name ?? decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
  return { url: file.url, filename, sha256: file.hashes.sha256 };
}

/**
 * The lock of one target from the text of a `pylock.toml`: the best wheel of each package, or its source archive.
 * @throws {TargetFailure} `no-wheel` when a package has no file that fits, `internal` when the text has another form.
 */
export function parsePylock(text: string, python: PythonVersion, architecture: Architecture): Lock {
  const parsed = pylockSchema.safeParse(parseToml(text));
  if (!parsed.success) {
    throw targetFailure(
      "internal",
      "uv wrote a lock in which a file has no address or no sha256. Use a package index that publishes both.",
      z.prettifyError(parsed.error),
    );
  }
  const packages = parsed.data.packages.map((entry): LockedPackage => {
    const name = normalizeName(entry.name);
    const wheel = pickWheel((entry.wheels ?? []).map(lockedFile), python, architecture);
    if (wheel !== undefined) return { name, version: entry.version, kind: "wheel", file: wheel };
    if (entry.sdist === undefined) {
      throw targetFailure(
        "no-wheel",
        `${name} ${entry.version} has no wheel for Python ${python} on ${architecture}. Choose another version or drop this target.`,
      );
    }
    return { name, version: entry.version, kind: "sdist", file: lockedFile(entry.sdist) };
  });
  packages.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  const lock = lockSchema.safeParse({ packages });
  if (lock.success) return lock.data;
  throw targetFailure(
    "internal",
    "uv wrote a lock that no layer can be built from. Please report it with the lines below.",
    z.prettifyError(lock.error),
  );
}
