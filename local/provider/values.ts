/** Values as the engine sends them: plain data with marked objects for secrets, assets, references and unknown values. */
import {
  specialArchiveSig,
  specialAssetSig,
  specialOutputValueSig,
  specialResourceSig,
  specialSecretSig,
  specialSigKey,
  unknownValue,
} from "@pulumi/pulumi/runtime/rpc";

/** Properties by name. */
export type Bag = Readonly<Record<string, unknown>>;

/** A file: exactly one of text, path (absolute) and uri. The hash covers its content. */
export interface Asset {
  readonly kind: "asset";
  readonly hash?: string;
  readonly text?: string;
  readonly path?: string;
  readonly uri?: string;
}

/** Files: a map of assets and archives, or a path to a directory or zip. The hash covers their content. */
export interface Archive {
  readonly kind: "archive";
  readonly hash?: string;
  readonly assets?: Readonly<Record<string, Asset | Archive>>;
  readonly path?: string;
  readonly uri?: string;
}

export function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Plain values: secrets opened, references as ids, assets as `Asset` and `Archive`, nulls left out. Unknowns stay. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isBag(value)) return value ?? undefined;
  switch (value[specialSigKey]) {
    case specialSecretSig:
    case specialOutputValueSig:
      return plain(value["value"]);
    case specialResourceSig:
      return plain(value["id"]);
    case specialAssetSig:
      return { ...withoutMark(value), kind: "asset" };
    case specialArchiveSig:
      return { ...withoutMark(value), kind: "archive" };
    default:
      return withoutMark(value);
  }
}

/** `plain` of all properties. */
export function plainBag(values: Bag): Bag {
  return plain(values) as Bag;
}

function withoutMark(value: Bag): Bag {
  const entries = Object.entries(value)
    .filter(([key, child]) => key !== specialSigKey && child !== undefined && child !== null)
    .map(([key, child]) => [key, plain(child)] as const);
  return Object.fromEntries(entries);
}

/** An object without some of its properties. */
export function without<T extends object, Name extends keyof T>(
  values: T,
  ...names: readonly Name[]
): Omit<T, Name> {
  const kept = Object.entries(values).filter(([name]) => !(names as readonly PropertyKey[]).includes(name));
  return Object.fromEntries(kept) as Omit<T, Name>;
}

/** Whether a plain value is, or contains, one that is unknown during a preview. */
export function hasUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isBag(value) && Object.values(value).some(hasUnknown);
}

/** Whether two plain values mean the same. Assets and archives are compared by their contents, not by their paths. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => sameValue(item, other[at]))
    );
  }
  if (!isBag(one) || !isBag(other)) return one === other;
  if (isContent(one) && isContent(other) && one["hash"] !== undefined && other["hash"] !== undefined) {
    return one["hash"] === other["hash"];
  }
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => sameValue(one[key], other[key]));
}

function isContent(value: Bag): boolean {
  return value["kind"] === "asset" || value["kind"] === "archive";
}

/** A JSON document given as text or as a value. */
export function asJson(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Attributes as SNS and SQS take them: texts, and documents as JSON.
 *
 * @param names of the attributes, by Pulumi's property.
 */
export function attributesOf(inputs: Bag, names: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.entries(names).flatMap(([property, attribute]) => {
    const value = inputs[property];
    return value === undefined ? [] : [[attribute, asJson(value)] as const];
  });
  return Object.fromEntries(given);
}

/** Whether two JSON documents, each given as text or as a value, mean the same. */
export function sameDocument(one: unknown, other: unknown): boolean {
  return sameValue(documentOf(one), documentOf(other));
}

function documentOf(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given) as unknown;
  } catch {
    return given;
  }
}

/**
 * Pulumi's spelling to the AWS SDK's: `logGroup` becomes `LogGroup`, at every depth. `spelling` holds the exceptions; a key listed in
 * `opaque` keeps its value as it is (a user's own map, such as tags).
 */
export function pascal(
  value: unknown,
  options: { readonly spelling?: Readonly<Record<string, string>>; readonly opaque?: readonly string[] } = {},
): unknown {
  if (Array.isArray(value)) return value.map((item) => pascal(item, options));
  if (!isBag(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      options.spelling?.[key] ?? key.charAt(0).toUpperCase() + key.slice(1),
      options.opaque?.includes(key) === true ? child : pascal(child, options),
    ]),
  );
}
