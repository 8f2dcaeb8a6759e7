import { clean, explain, valid } from "@renovatebot/pep440";
import { SPEC_SUFFIX } from "../contracts/specs";
import { normalizeName } from "../contracts/target";

/** The parts of a spec's key. */
export interface SpecKey {
  /** Who owns the spec: the top folder in the bucket, and the package index that its packages are in. */
  readonly owner: string;
  /** Name of the spec, and of the Python package. */
  readonly specId: string;
  /** PEP 440 version, spelled as in the key. */
  readonly version: string;
}

/** What an object's key means. */
export type ParsedKey =
  | { readonly kind: "spec"; readonly spec: SpecKey }
  /** It ends like the key of a spec but isn't one. `errorKey` is where the note for its author goes, if one can be written. */
  | { readonly kind: "wrong"; readonly reason: string; readonly errorKey?: string }
  | { readonly kind: "other" };

const ERROR_SUFFIX = "-build-error.json";
const OWNER = /^[A-Za-z0-9][A-Za-z0-9_.@=-]{0,127}$/;
const SPEC_ID = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const MAX_VERSION_LENGTH = 64;
/** More digits than a double can hold exactly. */
const LONG_NUMBER = /\d{16}/;
const WHEEL = /^([^-/]+)-([^-/]+)-[^/]+\.whl$/;
const SOURCE_ARCHIVE = /^([^/]+)-([^-/]+)\.tar\.gz$/;
const CONTROL = /\p{Cc}/u;

/** Whether a text can be an owner, the first part of a spec's key. */
export function isOwner(text: string): boolean {
  return OWNER.test(text);
}

/** Whether a text can be a spec's id, the second part of its key. */
export function isSpecId(text: string): boolean {
  return SPEC_ID.test(text);
}

/** Key of a spec. */
export function specKeyOf({ owner, specId, version }: SpecKey): string {
  return `${owner}/${specId}/${version}${SPEC_SUFFIX}`;
}

/** Key of the note that tells the author why a spec wasn't built. */
export function errorKeyOf({ owner, specId, version }: SpecKey): string {
  return `${owner}/${specId}/${version}${ERROR_SUFFIX}`;
}

/** The version that an object in a spec's folder is the note of; undefined if it isn't a note. */
export function notedVersion(key: string, spec: Omit<SpecKey, "version">): string | undefined {
  const folder = folderOf(spec);
  const isNote = key.startsWith(folder) && key.endsWith(ERROR_SUFFIX);
  return isNote ? key.slice(folder.length, -ERROR_SUFFIX.length) : undefined;
}

/** The folder with all versions of a spec, with its last slash. */
export function folderOf({ owner, specId }: Omit<SpecKey, "version">): string {
  return `${owner}/${specId}/`;
}

/** Decodes a key as S3 writes it into events: URL-encoded, `+` for a space. Undefined if the text isn't encoded so. */
export function decodeKey(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** Reads a decoded key. It is checked before anything else of a spec, because its parts become code in a setup.py. */
export function parseKey(key: string): ParsedKey {
  if (!key.endsWith(SPEC_SUFFIX)) return { kind: "other" };
  const stem = key.slice(0, -SPEC_SUFFIX.length);
  const parts = stem.split("/");
  const [owner = "", specId = "", version = ""] = parts;
  const reason = problemOf(parts, { owner, specId, version });
  if (reason === undefined) return { kind: "spec", spec: { owner, specId, version } };
  const canHaveNote =
    !CONTROL.test(key) && parts.slice(0, -1).every((part) => !["", ".", ".."].includes(part));
  return { kind: "wrong", reason, ...(canHaveNote ? { errorKey: `${stem}${ERROR_SUFFIX}` } : {}) };
}

function problemOf(parts: readonly string[], { owner, specId, version }: SpecKey): string | undefined {
  if (parts.length !== 3) {
    return `A spec's key has three parts, <owner>/<spec id>/<version>${SPEC_SUFFIX}; this one has ${String(parts.length)}.`;
  }
  if (!isOwner(owner)) {
    return "The first part, the owner, must be 1 to 128 letters, digits, _ . @ = or -, and start with a letter or digit.";
  }
  if (!isSpecId(specId)) {
    return "The second part, the spec's id, must be 1 to 64 letters, digits, _ or -, and start with a letter.";
  }
  if (version.length > MAX_VERSION_LENGTH || LONG_NUMBER.test(version) || valid(version) === null) {
    return (
      `The text before ${SPEC_SUFFIX} must be a PEP 440 version such as 1.2.0 or 1.0rc1, ` +
      `with at most ${String(MAX_VERSION_LENGTH)} characters, and with numbers of at most 15 digits.`
    );
  }
  return undefined;
}

/**
 * One spelling for all versions that are equal by PEP 440: `1`, `1.0` and `v1.0.0` are `1`.
 * Undefined for a text that isn't a version.
 */
export function canonicalVersion(version: string): string | undefined {
  const release = explain(version)?.release;
  if (release === undefined) return undefined;
  const last = release.findLastIndex((number) => number !== 0);
  const short = release.slice(0, Math.max(last, 0) + 1);
  return clean(version)?.replace(release.join("."), short.join("."));
}

/** Whether a file is a package (wheel or source archive) of a spec's version, in any spelling of name and version. */
export function isPackageOf(file: string, { specId, version }: Omit<SpecKey, "owner">): boolean {
  const [, name, itsVersion] = WHEEL.exec(file) ?? SOURCE_ARCHIVE.exec(file) ?? [];
  if (name === undefined || itsVersion === undefined) return false;
  return (
    normalizeName(name) === normalizeName(specId) &&
    canonicalVersion(itsVersion) === canonicalVersion(version)
  );
}
