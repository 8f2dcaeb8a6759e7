import { layerPackageOf, normalizeName, type PackageSpec } from "../contracts/target";

/**
 * Requirements as a user writes them: `name` or `name[extra1,extra2]`, with an optional PEP 440 specifier set after it.
 * Nothing else of PEP 508 is allowed: no markers, no URLs, no options.
 */

/** Names as in PEP 508. Extras have the same form. */
const NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;
const REQUIREMENT = /^([^[\]<>=!~\s]+)\s*(?:\[([^\]]*)\])?\s*(.*)$/s;
/** A version as PEP 440 writes it, with an optional local part. */
const VERSION =
  /^v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/i;
const CLAUSE = /^(==|!=|<=|>=|<|>|~=)\s*(\S+)$/;

/** Lambda allows 140 characters for the name of a layer. The prefix, Python and architecture need the rest. */
export const MAX_LAYER_PACKAGE_LENGTH = 110;

export type Requirement = Pick<PackageSpec, "name" | "extras" | "specifier">;
/** `reason` says what is wrong with the text, in a sentence. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

const refuse = (reason: string): { readonly ok: false; readonly reason: string } => ({ ok: false, reason });

/** Parses a package name with optional extras and specifier. The result has normalised names, and sorted extras. */
export function parseRequirement(text: string): Parsed<Requirement> {
  const [, rawName, rawExtras, rawSpecifier = ""] = REQUIREMENT.exec(text.trim()) ?? [];
  if (rawName === undefined || !NAME.test(rawName)) {
    return refuse(
      `"${shorten(text)}" is not a package name. Write a name such as requests or psycopg[binary,pool].`,
    );
  }
  const extras = (rawExtras ?? "").split(",").map((extra) => extra.trim());
  const wrong = rawExtras === undefined ? undefined : extras.find((extra) => !NAME.test(extra));
  if (wrong !== undefined) {
    return refuse(`"${shorten(wrong)}" in "${shorten(text)}" is not the name of an extra.`);
  }
  const specifier = parseSpecifier(rawSpecifier);
  if (!specifier.ok) return specifier;
  const value: Requirement = {
    name: normalizeName(rawName),
    extras: rawExtras === undefined ? [] : [...new Set(extras.map(normalizeName))].sort(),
    specifier: specifier.value,
  };
  const layerPackage = layerPackageOf(value);
  if (layerPackage.length > MAX_LAYER_PACKAGE_LENGTH) {
    return refuse(
      `"${shorten(text)}" makes the part ${shorten(layerPackage)} of the layer's name ${layerPackage.length} characters long; ` +
        `Lambda leaves room for ${MAX_LAYER_PACKAGE_LENGTH}. List fewer extras.`,
    );
  }
  return { ok: true, value };
}

/** Parses a PEP 440 specifier set such as `>=1.2,<2`; empty means any version. Spaces are removed; the order stays. */
export function parseSpecifier(text: string): Parsed<string> {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: true, value: "" };
  const clauses: string[] = [];
  for (const part of trimmed.split(",")) {
    const [, operator, version] = CLAUSE.exec(part.trim()) ?? [];
    if (operator === undefined || version === undefined || !fits(operator, version)) {
      return refuse(
        `"${shorten(text)}" is not a version specifier. Write one such as ==2.1.*, >=1.4,<2 or ~=3.2.`,
      );
    }
    clauses.push(`${operator}${version}`);
  }
  return { ok: true, value: clauses.join(",") };
}

/** PEP 440: only == and != may end in `.*`, ~= needs two numbers, and only == and != may name a local version. */
function fits(operator: string, version: string): boolean {
  const exact = operator === "==" || operator === "!=";
  if (version.endsWith(".*")) return exact && !version.includes("+") && VERSION.test(version.slice(0, -2));
  if (!VERSION.test(version) || (!exact && version.includes("+"))) return false;
  return operator !== "~=" || /^v?(?:\d+!)?\d+\.\d+/i.test(version);
}

/**
 * Parses a package as it is written in a layer's name or in a requirement: `psycopg__binary_pool` and
 * `psycopg[binary,pool]` are the same. A normalised name contains no underscore, so `__` always separates the extras.
 */
export function parsePackageName(text: string): Parsed<Requirement> {
  const [name = "", extras, ...more] = text.split("__");
  if (extras === undefined || more.length > 0) return parseRequirement(text);
  return parseRequirement(`${name}[${extras.split("_").join(",")}]`);
}

/** Shortens text of strangers for logs and messages. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
