import { addFields, rangeOf, type TimeFields, type TimeRange, type Unit } from "./moment";
import { type NextFolders, nextFolders } from "./next-folders";
import { NULL_VALUE, type PartitionKey, typeErrorOf } from "./partition-keys";
import { escapeValue, firstJunkReason, foldersOf, toPathText, toValue } from "./path-text";
import { folderReader, type Reading, writePrefix } from "./prefix";
import type { Folder, Template } from "./template";
import { type Piece, readTime, unitsOf } from "./time-format";
import { overlaps, type Window } from "./window";

/** What a prefix means to a table. */
type ParsedPrefix =
  | { readonly kind: "partition"; readonly values: readonly string[] }
  /** No data of the table, such as `_temporary/`. */
  | { readonly kind: "ignored"; readonly reason: string }
  /** It should be a partition, but cannot be read as one. */
  | { readonly kind: "invalid"; readonly reason: string };

/** How a table's partitions are arranged below its location. Prefixes are relative to the location and end with `/`. */
export interface Layout {
  /** `hive`, or its template such as `{year}/{month}/{day}`. */
  readonly name: string;
  readonly template: Template;
  /** The number of folders from the table's location to a partition. */
  readonly depth: number;
  /** Whether the folders contain times. If not, a time window cannot be applied and every folder is read. */
  readonly hasTime: boolean;
  /** Reads the whole prefix of a partition. */
  parse(prefix: string): ParsedPrefix;
  /** Why a shorter prefix has no partitions below it, or undefined if it may have some. */
  mismatch(prefix: string): string | undefined;
  /** The prefix of a partition; undefined if this layout cannot express one of the values. */
  render(values: readonly string[]): string | undefined;
  /** The span of time of a partition; undefined if it has none, as with Hive's null value. */
  timeOf(values: readonly string[]): TimeRange | undefined;
  /** Whether a prefix of any depth may contain something in the window. */
  mayContain(prefix: string, window: Window): boolean;
  /** How to find the folders directly below a prefix. The location itself is "". */
  nextFolders(prefix: string, window: Window): NextFolders;
  /** The prefix of the partition that contains an object; undefined for an object above the partitions. */
  partitionPrefix(objectKey: string): string | undefined;
}

/** The layout that a template describes, for a table with these keys. */
export function layoutOf(template: Template, keys: readonly PartitionKey[]): Layout {
  const { name, folders, times } = template;
  const depth = folders.length;
  const read = folderReader(template);
  const hasTime = times.some((pieces) => unitsOf(pieces ?? []).some((unit) => /yyyy|YYYY|epoch/.test(unit)));
  const mayBeAmbiguous = folders.some(isMixed);

  const parse = (prefix: string): ParsedPrefix => {
    const parts = foldersOf(prefix);
    const junk = firstJunkReason(parts);
    if (junk !== undefined) return { kind: "ignored", reason: junk };
    if (parts.length !== depth)
      return invalid(prefix, `it is ${parts.length} folders deep, but partitions are ${depth} deep`);
    const reading = read(parts);
    if (typeof reading === "string") return invalid(prefix, reading);
    return parseValues(prefix, reading, keys, template);
  };

  const render = (values: readonly string[]): string | undefined => {
    const prefix = renderValues(template, keys, values);
    if (prefix === undefined || !mayBeAmbiguous) return prefix;
    // Where values stand side by side in a folder's name, reading them back may divide them differently.
    const back = parse(prefix);
    return back.kind === "partition" && back.values.join("/") === values.join("/") ? prefix : undefined;
  };

  const fieldsOfPrefix = (prefix: string): TimeFields => {
    const reading = prefix === "" ? "" : read(foldersOf(prefix).slice(0, depth));
    return typeof reading === "string" ? {} : reading.fields;
  };

  return {
    name,
    template,
    depth,
    hasTime,
    parse,
    render,
    mismatch(prefix) {
      const parts = foldersOf(prefix);
      const reading = firstJunkReason(parts) ?? read(parts);
      return typeof reading === "string" ? reading : undefined;
    },
    timeOf: (values) => timeOf(times, keys, values),
    mayContain(prefix, window) {
      const range = hasTime ? rangeOf(fieldsOfPrefix(prefix)) : undefined;
      return range === undefined || overlaps(range, window);
    },
    nextFolders: (prefix, window) =>
      nextFolders(template, prefix, fieldsOfPrefix(prefix), hasTime ? window : {}),
    partitionPrefix(objectKey) {
      const parts = objectKey.split("/");
      return parts.length > depth ? `${parts.slice(0, depth).join("/")}/` : undefined;
    },
  };
}

function parseValues(
  prefix: string,
  { texts }: Reading,
  keys: readonly PartitionKey[],
  { folders, times }: Template,
): ParsedPrefix {
  const values: string[] = [];
  for (const [index, key] of keys.entries()) {
    const text = texts[index] ?? "";
    const value = toValue(key, text, times[index]);
    const typeError = value === undefined ? undefined : typeErrorOf(key, value);
    if (value === undefined || typeError !== undefined) {
      return invalid(prefix, typeError ?? `${key.name} is "${text}", which is not of its type ${key.type}`);
    }
    values.push(value);
  }
  // In plain folders an impossible date cannot be a partition. Hive's folders name their keys, so any value is accepted.
  const fields = folders.every((folder) => "hive" in folder) ? undefined : mergeTimes(times, keys, values);
  return fields === undefined || !isImpossible(fields)
    ? { kind: "partition", values }
    : invalid(prefix, "there is no such time");
}

function isImpossible(fields: TimeFields): boolean {
  return (fields.yyyy !== undefined || fields.YYYY !== undefined) && rangeOf(fields) === undefined;
}

function timeOf(times: Template["times"], keys: readonly PartitionKey[], values: readonly string[]) {
  const fields = mergeTimes(times, keys, values);
  return fields === undefined ? undefined : rangeOf(fields);
}

/** The times of all values together; undefined when a value should be a time and is not. */
function mergeTimes(times: Template["times"], keys: readonly PartitionKey[], values: readonly string[]) {
  const fields: Partial<Record<Unit, number>> = {};
  for (const [index, pieces] of times.entries()) {
    const key = keys[index];
    const value = values[index];
    if (pieces === undefined || key === undefined || value === undefined) continue;
    const read = readValue(key, value, pieces);
    if (read === undefined) return undefined;
    addFields(fields, read);
  }
  return fields;
}

function readValue(key: PartitionKey, value: string, pieces: readonly Piece[]): TimeFields | undefined {
  const text = value === NULL_VALUE ? undefined : toPathText(key, value, pieces);
  return text === undefined ? undefined : readTime(pieces, text);
}

function renderValues(
  { folders, times }: Template,
  keys: readonly PartitionKey[],
  values: readonly string[],
): string | undefined {
  const texts: string[] = [];
  const plain = new Set(folders.flatMap((folder) => ("hive" in folder ? [] : keysOf(folder))));
  for (const [index, key] of keys.entries()) {
    const pieces = times[index];
    const text = toPathText(key, values[index] ?? "", pieces);
    if (text === undefined || text === "") return undefined;
    const isUnreadable = pieces === undefined ? text.includes("/") : readTime(pieces, text) === undefined;
    if (plain.has(index) && isUnreadable) return undefined;
    texts.push(text);
  }
  const prefix = writePrefix(folders, texts, escapeValue);
  return firstJunkReason(foldersOf(prefix)) === undefined ? prefix : undefined;
}

function keysOf({ tokens }: Extract<Folder, { tokens: readonly unknown[] }>): readonly number[] {
  return tokens.flatMap((token) => ("key" in token ? [token.key] : []));
}

/** Whether a folder's name contains a value of any length beside something else. */
function isMixed(folder: Folder): boolean {
  return (
    "tokens" in folder &&
    folder.tokens.length > 1 &&
    folder.tokens.some((token) => "key" in token && token.piece === undefined)
  );
}

function invalid(prefix: string, reason: string): ParsedPrefix {
  return { kind: "invalid", reason: `${prefix}: ${reason}` };
}
