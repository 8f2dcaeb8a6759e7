import { below, type Below } from "./descent";
import { escapeValue } from "./hive-path";
import { foldersOf, junkReason } from "./junk";
import { misfitOf, NULL_VALUE, type PartitionKey } from "./keys";
import { addFields, rangeOf, type Fields, type TimeRange, type Unit } from "./moment";
import { folderReader, type Reading } from "./read-prefix";
import { toPathText, toValue } from "./spelling";
import type { Folder, Template } from "./template";
import { readTime, unitsOf, type Piece } from "./time-format";
import { overlaps, type Window } from "./window";
import { writePrefix } from "./write-prefix";

/** What a prefix is to a table. */
type Parsed =
  | { readonly kind: "partition"; readonly values: readonly string[] }
  | { readonly kind: "ignored"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string };

/** How a table's partitions lie below its location. Prefixes are relative to the location and end with `/`. */
export interface Layout {
  /** `hive`, or its template such as `{year}/{month}/{day}`. */
  readonly name: string;
  readonly template: Template;
  /** Folders between the table's location and a partition. */
  readonly depth: number;
  /** Whether the folders tell time. If not, a window means nothing and everything is looked at. */
  readonly isTimed: boolean;
  /** Reads a partition's whole prefix. */
  parse(prefix: string): Parsed;
  /** Why a prefix of fewer folders than a partition's has none below it, or undefined. */
  misfit(prefix: string): string | undefined;
  /** The prefix of a partition, or undefined where a value cannot be written in this layout. */
  render(values: readonly string[]): string | undefined;
  /** The time that a partition stands for; undefined for one without, such as Hive's null value. */
  timeOf(values: readonly string[]): TimeRange | undefined;
  /** Whether a prefix, whole or not, may hold something of the window. */
  admits(prefix: string, window: Window): boolean;
  /** How to find the folders just below a prefix; the location itself is "". */
  below(prefix: string, window: Window): Below;
  /** The partition's prefix that an object lies in, or undefined for one that lies above the partitions. */
  partitionPrefix(objectKey: string): string | undefined;
}

/** The layout that a template describes, for a table of those keys. */
export function layoutOf(template: Template, keys: readonly PartitionKey[]): Layout {
  const { name, folders, times } = template;
  const depth = folders.length;
  const read = folderReader(template);
  const isTimed = times.some((pieces) => unitsOf(pieces ?? []).some((unit) => /yyyy|YYYY|epoch/.test(unit)));
  const isChecked = folders.some(isMixed);

  const parse = (prefix: string): Parsed => {
    const parts = foldersOf(prefix);
    const junk = firstReason(parts);
    if (junk !== undefined) return { kind: "ignored", reason: junk };
    if (parts.length !== depth)
      return refused(prefix, `lies ${parts.length} folders deep and partitions ${depth}`);
    const reading = read(parts);
    if (typeof reading === "string") return refused(prefix, reading);
    return parsedValues(prefix, reading, keys, template);
  };

  const render = (values: readonly string[]): string | undefined => {
    const prefix = renderValues(template, keys, values);
    if (prefix === undefined || !isChecked) return prefix;
    // Between mixed values the border may fall elsewhere on the way back.
    const back = parse(prefix);
    return back.kind === "partition" && back.values.join("/") === values.join("/") ? prefix : undefined;
  };

  const fieldsOfPrefix = (prefix: string): Fields => {
    const reading = prefix === "" ? "" : read(foldersOf(prefix).slice(0, depth));
    return typeof reading === "string" ? {} : reading.fields;
  };

  return {
    name,
    template,
    depth,
    isTimed,
    parse,
    render,
    misfit(prefix) {
      const parts = foldersOf(prefix);
      const reading = firstReason(parts) ?? read(parts);
      return typeof reading === "string" ? reading : undefined;
    },
    timeOf: (values) => timeOf(times, keys, values),
    admits(prefix, window) {
      const range = isTimed ? rangeOf(fieldsOfPrefix(prefix)) : undefined;
      return range === undefined || overlaps(range, window);
    },
    below: (prefix, window) => below(template, prefix, fieldsOfPrefix(prefix), isTimed ? window : {}),
    partitionPrefix(objectKey) {
      const parts = objectKey.split("/");
      return parts.length > depth ? `${parts.slice(0, depth).join("/")}/` : undefined;
    },
  };
}

function parsedValues(
  prefix: string,
  { texts }: Reading,
  keys: readonly PartitionKey[],
  { folders, times }: Template,
): Parsed {
  const values: string[] = [];
  for (const [index, key] of keys.entries()) {
    const text = texts[index] ?? "";
    const value = toValue(key, text, times[index]);
    const misfit = value === undefined ? undefined : misfitOf(key, value);
    if (value === undefined || misfit !== undefined) {
      return refused(prefix, misfit ?? `${key.name} is "${text}", which is not of its type ${key.type}`);
    }
    values.push(value);
  }
  // In plain folders the time is the place, so one that is not in the calendar is nobody's partition. Hive names its
  // values, so they are what they are.
  const fields = folders.every((folder) => "hive" in folder) ? undefined : mergeTimes(times, keys, values);
  return fields === undefined || !isBroken(fields)
    ? { kind: "partition", values }
    : refused(prefix, "it is no real time");
}

function isBroken(fields: Fields): boolean {
  return (fields.yyyy !== undefined || fields.YYYY !== undefined) && rangeOf(fields) === undefined;
}

function timeOf(times: Template["times"], keys: readonly PartitionKey[], values: readonly string[]) {
  const fields = mergeTimes(times, keys, values);
  return fields === undefined ? undefined : rangeOf(fields);
}

/** The times that all values tell together; undefined when one that should tell time does not. */
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

function readValue(key: PartitionKey, value: string, pieces: readonly Piece[]): Fields | undefined {
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
    const isMisfit = pieces === undefined ? text.includes("/") : readTime(pieces, text) === undefined;
    if (plain.has(index) && isMisfit) return undefined;
    texts.push(text);
  }
  const prefix = writePrefix(folders, texts, escapeValue);
  return firstReason(foldersOf(prefix)) === undefined ? prefix : undefined;
}

function keysOf({ tokens }: Extract<Folder, { tokens: readonly unknown[] }>): readonly number[] {
  return tokens.flatMap((token) => ("key" in token ? [token.key] : []));
}

function isMixed(folder: Folder): boolean {
  return (
    "tokens" in folder &&
    folder.tokens.length > 1 &&
    folder.tokens.some((token) => "key" in token && token.piece === undefined)
  );
}

function firstReason(folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    const reason = junkReason(folder);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function refused(prefix: string, reason: string): Parsed {
  return { kind: "refused", reason: `${prefix}: ${reason}` };
}
