import { timeRunsOf, type TimeRun } from "./detect-time";
import { isText, isWhole, misfitOf, type PartitionKey } from "./keys";
import { layoutError } from "./layout-error";

type Folders = readonly string[];

/** What a folder of a candidate is: text as it stands, or a key with a format of time or none. */
interface Part {
  readonly text?: string;
  readonly key?: PartitionKey;
  readonly format?: string;
  /** Values that the samples have there; several folders are joined by `/`. */
  readonly values: readonly string[];
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const ACCOUNT = /^\d{12}$/;

/** Names that say what a key is. They only rule out what the folders contradict; nothing is found by a name. */
const UNIT_NAMES: Readonly<Record<string, RegExp>> = {
  year: /^(yyyy|YYYY)$/,
  month: /MM/,
  day: /dd/,
  hour: /HH/,
  week: /ww/,
};

/**
 * The templates that a table's folders may have, from the samples: where they spell a time, and which of the others differ.
 * A folder that is the same in all samples may stand as it is.
 * @throws UserError when the folders are too few for the keys.
 */
export function detectPath(samples: readonly Folders[], keys: readonly PartitionKey[]): readonly string[] {
  const depth = commonDepth(samples);
  const columns = samples
    .filter((folders) => folders.length >= depth)
    .map((folders) => folders.slice(0, depth));
  const runs = timeRunsOf(columns, depth);
  const candidates = (runs.length === 0 ? [undefined] : runs).flatMap((run) =>
    candidatesOf(columns, depth, keys, run),
  );
  const service = serviceIndex(columns[0] ?? []);
  const sound = candidates.filter(isSound);
  const served = sound.filter((parts) => service < 0 || parts[service]?.text !== undefined);
  const templates = (served.length > 0 ? served : sound).map(templateOf);
  if (templates.length > 0) return [...new Set(templates)];
  throw layoutError(
    `The folders, such as ${columns[0]?.join("/") ?? ""}/, do not tell where the keys ${keys.map(({ name }) => name).join(", ")} are`,
    [],
    keys,
  );
}

/** The depth that most samples have; the smaller where they are even. */
function commonDepth(samples: readonly Folders[]): number {
  const counts = new Map<number, number>();
  for (const { length } of samples) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [most] = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  return most?.[0] ?? 0;
}

/** Ways to lay the keys over the folders, in their order. */
function candidatesOf(
  columns: readonly Folders[],
  depth: number,
  keys: readonly PartitionKey[],
  run: TimeRun | undefined,
): readonly (readonly Part[])[] {
  const found: (readonly Part[])[] = [];
  const column = (start: number, length = 1): string[] =>
    columns.map((folders) => folders.slice(start, start + length).join("/"));
  const walk = (at: number, left: readonly PartitionKey[], parts: readonly Part[]): void => {
    const [key, ...rest] = left;
    if (key === undefined) return void found.push(parts);
    if (at >= depth) return;
    if (run !== undefined && at === run.start) {
      for (const spelled of spellingsOf(run, left)) {
        const taken = spelled.map(({ start, length, format }, index): Part => {
          const owner = left[index] ?? key;
          return { key: owner, format, values: column(start, length) };
        });
        const used = spelled.reduce((sum, { length }) => sum + length, 0);
        const isAll = used === run.length;
        // What is left of a time lies inside the partition, so no key comes after it; it is hours below days, or as fine
        // as the last key's name says.
        const last = taken.at(-1)?.key?.name ?? "";
        const isCut = left.length === spelled.length && (used === dayLength(run) || last in UNIT_NAMES);
        if (isAll || isCut) walk(at + used, left.slice(spelled.length), [...parts, ...taken]);
      }
      return;
    }
    const values = column(at);
    walk(at + 1, rest, [...parts, { key, values }]);
    if (new Set(values).size === 1) walk(at + 1, left, [...parts, { text: values[0] ?? "", values }]);
  };
  walk(0, keys, []);
  return found;
}

interface Spelled {
  readonly format: string;
  readonly start: number;
  readonly length: number;
}

/** Ways to share a time among keys: a folder each, a whole day in one, all in one. */
function spellingsOf(
  { format, start }: TimeRun,
  keys: readonly PartitionKey[],
): readonly (readonly Spelled[])[] {
  const units = format.split("/");
  const one = (from: number, to: number): Spelled => ({
    format: units.slice(from, to).join("/"),
    start: start + from,
    length: to - from,
  });
  const day = dayLength({ format });
  const ways: (readonly Spelled[])[] = [];
  for (let count = 1; count <= Math.min(units.length, keys.length); count++) {
    ways.push(units.slice(0, count).map((_, index) => one(index, index + 1)));
  }
  if (units.length > 1) ways.push([one(0, units.length)]);
  if (day > 1 && day < units.length) ways.push([one(0, day)], [one(0, day), one(day, units.length)]);
  return ways;
}

/** How many of a time's folders tell the day; 0 when they do not. */
function dayLength({ format }: Pick<TimeRun, "format">): number {
  const units = format.split("/");
  return units.findIndex((_, index) => isDayFormat(units.slice(0, index + 1).join("/"))) + 1;
}

function isDayFormat(format: string): boolean {
  return ["yyyy", "MM", "dd"].every((unit) => format.includes(unit));
}

/** Whether every key may be what the candidate makes of it, by its values, its type and what its name would contradict. */
function isSound(parts: readonly Part[]): boolean {
  const knowsRegion = parts.some(({ values }) => values.every((value) => REGION.test(value)));
  const knowsAccount = parts.some(({ values }) => values.every((value) => ACCOUNT.test(value)));
  return parts.every(({ key, format, values }) => {
    if (key === undefined) return true;
    const unit = UNIT_NAMES[key.name];
    if (unit !== undefined && (format === undefined || !unit.test(format))) return false;
    if (/^(aws_?)?region$/.test(key.name) && knowsRegion && !values.every((value) => REGION.test(value)))
      return false;
    if (
      /^(aws_?)?account(_?id)?$/.test(key.name) &&
      knowsAccount &&
      !values.every((value) => ACCOUNT.test(value))
    )
      return false;
    if (format === undefined)
      return values.filter((value) => misfitOf(key, value) === undefined).length * 4 >= values.length * 3;
    // A year alone, or one split off from what follows, is a number and no date.
    if (key.type === "date") return isDayFormat(format) && !format.includes("HH");
    if (key.type === "timestamp") return isDayFormat(format) || format.startsWith("epoch");
    if (isWhole(key)) return !/[^A-Za-z]/.test(format.replace("epoch-ms", "epoch")) && !/[TW]/.test(format);
    return isText(key);
  });
}

/** In `<account>/<service>/<region>` as AWS writes its logs, the folder of the service; -1 where there is none. */
function serviceIndex(folders: Folders): number {
  const account = folders.findIndex(
    (folder, index) => ACCOUNT.test(folder) && REGION.test(folders[index + 2] ?? ""),
  );
  return account < 0 ? -1 : account + 1;
}

function templateOf(parts: readonly Part[]): string {
  return parts
    .map(({ text, key, format }) => text ?? `{${key?.name ?? ""}${format === undefined ? "" : `:${format}`}}`)
    .join("/");
}
