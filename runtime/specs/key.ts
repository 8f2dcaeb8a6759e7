import { clean, explain, valid } from "@renovatebot/pep440";
import { normalizeName } from "../contracts/target";

/** Whose spec it is, and which version of what: the parts of its key. */
export interface SpecKey {
  /** Whom it belongs to: the folder at the top, and the index that its packages are in. */
  readonly owner: string;
  /** Name of the spec, and of the Python package. */
  readonly specId: string;
  /** PEP 440, spelled as in the key. */
  readonly version: string;
}

/** What an object's key stands for. */
export type ParsedKey =
  | { readonly kind: "spec"; readonly spec: SpecKey }
  /** Ends as a spec does and isn't one; `errorKey` is where its author is told, if anywhere. */
  | { readonly kind: "wrong"; readonly reason: string; readonly errorKey?: string }
  | { readonly kind: "other" };

const SPEC_END = "-spec.json";
const OWNER = /^[A-Za-z0-9][A-Za-z0-9_.@=-]{0,127}$/;
const SPEC_ID = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const VERSION_LENGTH = 64;
/** Digits of a number that a double still tells apart. */
const LONG_NUMBER = /\d{16}/;
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
  return `${owner}/${specId}/${version}${SPEC_END}`;
}

/** Key of the note that says why a spec wasn't built. */
export function errorKeyOf({ owner, specId, version }: SpecKey): string {
  return `${owner}/${specId}/${version}-build-error.json`;
}

/** The folder of all versions of a spec, with the slash after it. */
export function folderOf({ owner, specId }: Pick<SpecKey, "owner" | "specId">): string {
  return `${owner}/${specId}/`;
}

/** A key as S3 writes it into events: URL-encoded, `+` for a space. Undefined if it is no such text. */
export function decodeKey(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** Reads a key, decoded. Nothing of a spec is looked at before its key is right: its parts become code in a setup.py. */
export function parseKey(key: string): ParsedKey {
  if (!key.endsWith(SPEC_END)) return { kind: "other" };
  const stem = key.slice(0, -SPEC_END.length);
  const parts = stem.split("/");
  const [owner = "", specId = "", version = ""] = parts;
  const reason = problemOf(parts, { owner, specId, version });
  if (reason === undefined) return { kind: "spec", spec: { owner, specId, version } };
  const sound = !CONTROL.test(key) && parts.slice(0, -1).every((part) => !["", ".", ".."].includes(part));
  return { kind: "wrong", reason, ...(sound ? { errorKey: `${stem}-build-error.json` } : {}) };
}

function problemOf(parts: readonly string[], { owner, specId, version }: SpecKey): string | undefined {
  if (parts.length !== 3) {
    return `A spec's key has three parts, <owner>/<spec id>/<version>${SPEC_END}; this one has ${String(parts.length)}.`;
  }
  if (!isOwner(owner)) {
    return "The first part, the owner, must be 1 to 128 letters, digits, _ . @ = or -, and start with a letter or digit.";
  }
  if (!isSpecId(specId)) {
    return "The second part, the spec's id, must be 1 to 64 letters, digits, _ or -, and start with a letter.";
  }
  if (version.length > VERSION_LENGTH || LONG_NUMBER.test(version) || valid(version) === null) {
    return (
      `What stands before ${SPEC_END} must be a PEP 440 version such as 1.2.0 or 1.0rc1, ` +
      `of at most ${String(VERSION_LENGTH)} characters and numbers of at most 15 digits.`
    );
  }
  return undefined;
}

/**
 * The one spelling of all versions that PEP 440 holds equal: `1`, `1.0` and `v1.0.0` are `1`.
 * Undefined for what is no version.
 */
export function canonicalVersion(version: string): string | undefined {
  const release = explain(version)?.release;
  if (release === undefined) return undefined;
  const last = release.findLastIndex((number) => number !== 0);
  const short = release.slice(0, Math.max(last, 0) + 1);
  return clean(version)?.replace(release.join("."), short.join("."));
}

/** Whether a file is a distribution (wheel or sdist) of a package in a version. Names and versions count in any spelling. */
export function isDistributionOf(file: string, { specId, version }: Omit<SpecKey, "owner">): boolean {
  const [, name, itsVersion] = WHEEL.exec(file) ?? SDIST.exec(file) ?? [];
  if (name === undefined || itsVersion === undefined) return false;
  return (
    normalizeName(name) === normalizeName(specId) &&
    canonicalVersion(itsVersion) === canonicalVersion(version)
  );
}

const WHEEL = /^([^-/]+)-([^-/]+)-[^/]+\.whl$/;
const SDIST = /^([^/]+)-([^-/]+)\.tar\.gz$/;
