import { type TimeFolders, timeFoldersOf } from "./detect-time";
import { isText, isWholeNumber, type PartitionKey, typeErrorOf } from "./partition-keys";
import { layoutError } from "./template";

type Folders = readonly string[];

/** One or several folders of a candidate: fixed text, or a key with or without a time format. */
interface Part {
  readonly text?: string;
  readonly key?: PartitionKey;
  readonly format?: string;
  /** The samples' values there. Several folders are joined by `/`. */
  readonly values: readonly string[];
}

/** A way to assign the keys to the folders, from the first folder to the last. */
type Candidate = readonly Part[];

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const ACCOUNT = /^\d{12}$/;

/** Key names that say which unit a key is. They only exclude candidates that contradict them; they never find one. */
const UNIT_NAMES: Readonly<Record<string, RegExp>> = {
  year: /^(yyyy|YYYY)$/,
  month: /MM/,
  day: /dd/,
  hour: /HH/,
  week: /ww/,
};

/**
 * The templates that match the samples' folders. Folders with a time show where the time's keys are. A folder that has the same
 * name in all samples may be fixed text.
 * @throws UserError when no assignment of keys to folders is possible.
 */
export function detectPath(samples: readonly Folders[], keys: readonly PartitionKey[]): readonly string[] {
  const depth = commonDepth(samples);
  const rows = samples.filter((folders) => folders.length >= depth).map((folders) => folders.slice(0, depth));
  const times = timeFoldersOf(rows, depth);
  const candidates = (times.length === 0 ? [undefined] : times).flatMap((time) =>
    candidatesOf(rows, depth, keys, time),
  );
  const service = serviceDepth(rows[0] ?? []);
  const possible = candidates.filter(isPossible);
  // A folder of an AWS service is fixed text, if a candidate allows it.
  const preferred = possible.filter((parts) => service < 0 || parts[service]?.text !== undefined);
  const templates = (preferred.length > 0 ? preferred : possible).map(templateOf);
  if (templates.length > 0) return [...new Set(templates)];
  throw layoutError(
    `The folders, such as ${rows[0]?.join("/") ?? ""}/, do not show where the keys ${keys.map(({ name }) => name).join(", ")} are`,
    [],
    keys,
  );
}

/** The depth that most samples have. If two depths are equally frequent, the smaller one. */
function commonDepth(samples: readonly Folders[]): number {
  const counts = new Map<number, number>();
  for (const { length } of samples) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [mostFrequent] = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  return mostFrequent?.[0] ?? 0;
}

/** All ways to assign the keys, in their order, to the folders. */
function candidatesOf(
  rows: readonly Folders[],
  depth: number,
  keys: readonly PartitionKey[],
  time: TimeFolders | undefined,
): readonly Candidate[] {
  const found: Candidate[] = [];
  const valuesAt = (start: number, length = 1): string[] =>
    rows.map((folders) => folders.slice(start, start + length).join("/"));

  const assign = (at: number, keysLeft: readonly PartitionKey[], parts: Candidate): void => {
    const [key, ...others] = keysLeft;
    if (key === undefined) return void found.push(parts);
    if (at >= depth) return;
    if (time !== undefined && at === time.start) return assignTime(time, keysLeft, parts);
    const values = valuesAt(at);
    assign(at + 1, others, [...parts, { key, values }]);
    if (new Set(values).size === 1) assign(at + 1, keysLeft, [...parts, { text: values[0] ?? "", values }]);
  };

  const assignTime = (time: TimeFolders, keysLeft: readonly PartitionKey[], parts: Candidate): void => {
    for (const shares of timeSharesOf(time, keysLeft.length)) {
      const taken = shares.flatMap(({ start, length, format }, index): Part[] => {
        const key = keysLeft[index];
        return key === undefined ? [] : [{ key, format, values: valuesAt(start, length) }];
      });
      const used = shares.reduce((sum, { length }) => sum + length, 0);
      const isAll = used === time.length;
      // The rest of a time is folders inside the partition, so no key may follow. Either the keys end with the day, or the
      // last key's name says that it ends there.
      const last = taken.at(-1)?.key?.name ?? "";
      const mayEndHere =
        keysLeft.length === shares.length && (used === dayLength(time.format) || last in UNIT_NAMES);
      if (isAll || mayEndHere) assign(time.start + used, keysLeft.slice(shares.length), [...parts, ...taken]);
    }
  };

  assign(0, keys, []);
  return found;
}

/** The folders of a time that belong to one key. */
interface TimeShare {
  readonly format: string;
  readonly start: number;
  readonly length: number;
}

/** The ways to divide a time among keys: one folder each, the whole day in one key, or everything in one key. */
function timeSharesOf({ format, start }: TimeFolders, keyCount: number): readonly (readonly TimeShare[])[] {
  const units = format.split("/");
  const share = (from: number, to: number): TimeShare => ({
    format: units.slice(from, to).join("/"),
    start: start + from,
    length: to - from,
  });
  const day = dayLength(format);
  const ways: (readonly TimeShare[])[] = [];
  for (let count = 1; count <= Math.min(units.length, keyCount); count++) {
    ways.push(units.slice(0, count).map((_, index) => share(index, index + 1)));
  }
  if (units.length > 1) ways.push([share(0, units.length)]);
  if (day > 1 && day < units.length) ways.push([share(0, day)], [share(0, day), share(day, units.length)]);
  return ways.filter((shares) => shares.length <= keyCount);
}

/** How many of a time's folders are needed to know the day; 0 when they do not contain it. */
function dayLength(format: string): number {
  const units = format.split("/");
  return units.findIndex((_, index) => hasDay(units.slice(0, index + 1).join("/"))) + 1;
}

function hasDay(format: string): boolean {
  return ["yyyy", "MM", "dd"].every((unit) => format.includes(unit));
}

/** Whether no key's values, type or name contradict the candidate. */
function isPossible(parts: Candidate): boolean {
  const hasRegion = parts.some(({ values }) => values.every((value) => REGION.test(value)));
  const hasAccount = parts.some(({ values }) => values.every((value) => ACCOUNT.test(value)));
  return parts.every(({ key, format, values }) => {
    if (key === undefined) return true;
    const unit = UNIT_NAMES[key.name];
    if (unit !== undefined && (format === undefined || !unit.test(format))) return false;
    const isRegion = /^(aws_?)?region$/.test(key.name);
    if (isRegion && hasRegion && !values.every((value) => REGION.test(value))) return false;
    const isAccount = /^(aws_?)?account(_?id)?$/.test(key.name);
    if (isAccount && hasAccount && !values.every((value) => ACCOUNT.test(value))) return false;
    return format === undefined ? haveType(key, values) : mayHoldTime(key, format);
  });
}

/** Whether three quarters of the values have the key's type. */
function haveType(key: PartitionKey, values: readonly string[]): boolean {
  return values.filter((value) => typeErrorOf(key, value) === undefined).length * 4 >= values.length * 3;
}

/** Whether a key of that type can hold a time in this format. */
function mayHoldTime(key: PartitionKey, format: string): boolean {
  // A year without a month and a day is a number, not a date.
  if (key.type === "date") return hasDay(format) && !format.includes("HH");
  if (key.type === "timestamp") return hasDay(format) || format.startsWith("epoch");
  if (isWholeNumber(key))
    return !/[^A-Za-z]/.test(format.replace("epoch-ms", "epoch")) && !/[TW]/.test(format);
  return isText(key);
}

/** The depth of the service's folder in `<account>/<service>/<region>`, as AWS writes its logs; -1 where there is none. */
function serviceDepth(folders: Folders): number {
  const account = folders.findIndex(
    (folder, index) => ACCOUNT.test(folder) && REGION.test(folders[index + 2] ?? ""),
  );
  return account < 0 ? -1 : account + 1;
}

function templateOf(parts: Candidate): string {
  return parts
    .map(({ text, key, format }) => text ?? `{${key?.name ?? ""}${format === undefined ? "" : `:${format}`}}`)
    .join("/");
}
