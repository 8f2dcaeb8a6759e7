import { z } from "zod";

/** A sha256 in lower-case hex. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
/** Only what PEP 440 versions are made of: a version is shown on pages and in files. */
export const packageVersionSchema = z.string().regex(/^[0-9A-Za-z.+!-]{1,100}$/);

/** A file on the package index, pinned by hash. */
const lockedFileSchema = z.object({
  url: z.url({ protocol: /^https?$/ }).max(2000),
  filename: z
    .string()
    .max(300)
    .regex(/^[0-9A-Za-z][0-9A-Za-z._+!-]*$/, "must be a plain file name"),
  sha256: sha256Schema,
});
export type LockedFile = z.infer<typeof lockedFileSchema>;

/** One distribution of a lock: exactly one file, the wheel that fits the target, or a source archive where there is none. */
const lockedPackageSchema = z.object({
  name: z
    .string()
    .max(200)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be a PEP 503 normalised name"),
  version: packageVersionSchema,
  kind: z.enum(["wheel", "sdist"]),
  file: lockedFileSchema,
});
export type LockedPackage = z.infer<typeof lockedPackageSchema>;

/** The resolved, hash-pinned requirements of a target, sorted by name. */
export const lockSchema = z.object({ packages: z.array(lockedPackageSchema).min(1).max(1000).readonly() });
export type Lock = z.infer<typeof lockSchema>;
