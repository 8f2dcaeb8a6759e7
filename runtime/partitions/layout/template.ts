import { PARAMETER_PREFIX } from "../../contracts/partitions";
import { UserError } from "../../shared/errors";
import type { Unit } from "./moment";
import { isText, isWholeNumber, type PartitionKey } from "./partition-keys";
import { foldersOf } from "./path-text";
import { parseTimeFormat, type Piece, unitsOf } from "./time-format";

/** A part of a folder's name: fixed text, or the value of a key, or a piece of that value. */
export type Token = { readonly text: string } | { readonly key: number; readonly piece?: Piece };

/** A folder: `name=value` as Hive writes it, or any mixture of text and values. Keys are numbered in the table's order. */
export type Folder = { readonly hive: string; readonly key: number } | { readonly tokens: readonly Token[] };

/** How the folders of a table are to be read. */
export interface Template {
  readonly name: string;
  readonly folders: readonly Folder[];
  /** For each key, how its text writes a time; undefined for a key that holds no time. */
  readonly times: readonly (readonly Piece[] | undefined)[];
}

/** A key with one of these names holds that unit of time, unless the template gives a format. */
const NAMED_UNITS: ReadonlyMap<string, Unit> = new Map([
  ["year", "yyyy"],
  ["month", "MM"],
  ["day", "dd"],
  ["hour", "HH"],
  ["minute", "mm"],
  ["week", "ww"],
] as const);

/**
 * Parses a template such as `{year}/{month}/{day}`, `dt={dt:yyyyMMdd}` or `AWSLogs/{account}/{dt:yyyy/MM/dd}`: names of keys in
 * braces, optionally each with a time format.
 * @param name the layout's name in results. @default the template
 * @throws UserError saying what is wrong with the template.
 */
export function parseTemplate(text: string, keys: readonly PartitionKey[], name = text): Template {
  const times: (readonly Piece[] | undefined)[] = keys.map(() => undefined);
  const seen = new Set<number>();
  const folders: Token[][] = [[]];
  const add = (token: Token): void => void folders.at(-1)?.push(token);
  for (const [part] of trimSlashes(text).matchAll(/\{[^{}]*\}|\/|[^{}/]+|[{}]/g)) {
    if (part === "/") folders.push([]);
    else if (part === "{" || part === "}") throw templateError(text, `a brace is not closed or not opened`);
    else if (!part.startsWith("{")) add({ text: part });
    else {
      const { key, pieces } = readKey(text, part, keys);
      if (seen.has(key)) throw templateError(text, `it contains ${part} twice`);
      seen.add(key);
      times[key] = pieces;
      if (pieces === undefined) add({ key });
      for (const piece of pieces ?? []) {
        if ("text" in piece && piece.text === "/") folders.push([]);
        else add({ key, piece });
      }
    }
  }
  const missing = keys.filter((_, index) => !seen.has(index)).map((key) => `{${key.name}}`);
  if (missing.length > 0) throw templateError(text, `${missing.join(", ")} is missing`);
  return withWeekYears({ name, folders: folders.map((tokens) => folderOf(text, tokens, times)), times });
}

/** Hive's template for these keys. `names` are the keys' names as the path writes them. */
export function hiveTemplate(
  keys: readonly PartitionKey[],
  names: readonly string[] = keys.map((key) => key.name),
  formats: readonly (string | undefined)[] = [],
): Template {
  const folders = keys.map((key, index) => {
    const format = formats[index];
    return `${names[index] ?? key.name}={${key.name}${format === undefined ? "" : `:${format}`}}`;
  });
  const text = folders.join("/");
  // Not every folder shows whether the day or the month comes first, so the layout's name must say it.
  const isPlain = !formats.some((format) => /^(dd|MM)/.test(format ?? ""));
  return parseTemplate(text, keys, isPlain ? "hive" : text);
}

function readKey(template: string, part: string, keys: readonly PartitionKey[]) {
  const [, name = "", format] = /^\{([^:]*)(?::(.*))?\}$/.exec(part) ?? [];
  const key = keys.findIndex((known) => known.name === name.toLowerCase());
  const known = keys[key];
  if (known === undefined) {
    const names = keys.map((each) => each.name).join(", ");
    throw templateError(template, `${part} is not one of the table's partition keys (${names})`);
  }
  return { key, pieces: format === undefined ? impliedFormat(known) : parseTimeFormat(format) };
}

/** The time format of a key without one in the template: its type or its name implies it. */
function impliedFormat(key: PartitionKey): readonly Piece[] | undefined {
  if (key.type === "date") return parseTimeFormat("yyyy-MM-dd");
  if (key.type === "timestamp") return parseTimeFormat("yyyy-MM-dd HH:mm:ss");
  const unit = NAMED_UNITS.get(key.name);
  if (unit === undefined || !(isText(key) || isWholeNumber(key))) return undefined;
  return [unit === "yyyy" ? { unit } : { unit, zerosOptional: true }];
}

function folderOf(template: string, tokens: readonly Token[], times: Template["times"]): Folder {
  const [first, second] = tokens;
  if (first === undefined) throw templateError(template, "it has a folder without a name");
  const isHive = "text" in first && /^[^=]+=$/.test(first.text) && second !== undefined && "key" in second;
  if (isHive && tokens.slice(1).every((token) => "key" in token && token.key === second.key)) {
    // Hive would not write a time that spans several folders.
    const isOneFolder = !(times[second.key] ?? []).some((piece) => "text" in piece && piece.text === "/");
    if (isOneFolder) return { hive: first.text.slice(0, -1), key: second.key };
  }
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (next !== undefined && hasOpenEnd(token) && hasOpenEnd(next)) {
      throw templateError(template, "two values stand side by side with nothing between them");
    }
  });
  return { tokens };
}

/** Whether the length of a value is not fixed, so that its end is only found by the text after it. */
function hasOpenEnd(token: Token): boolean {
  if ("text" in token) return false;
  return token.piece === undefined || ("unit" in token.piece && token.piece.zerosOptional === true);
}

/** In a template with a week, the year is the year of ISO weeks. */
function withWeekYears(template: Template): Template {
  if (!template.times.some((pieces) => pieces !== undefined && unitsOf(pieces).includes("ww")))
    return template;
  const convert = (piece: Piece): Piece =>
    "unit" in piece && piece.unit === "yyyy" ? { unit: "YYYY" } : piece;
  return {
    name: template.name,
    times: template.times.map((pieces) => pieces?.map(convert)),
    folders: template.folders.map((folder) =>
      "hive" in folder
        ? folder
        : {
            tokens: folder.tokens.map((token) =>
              "key" in token && token.piece !== undefined ? { ...token, piece: convert(token.piece) } : token,
            ),
          },
    ),
  };
}

function trimSlashes(text: string): string {
  return foldersOf(text.startsWith("/") ? text.slice(1) : text).join("/");
}

function templateError(template: string, problem: string): UserError {
  return new UserError(
    `The layout "${template}" is not valid: ${problem}. Set the table's parameter ${PARAMETER_PREFIX}layout to a layout's ` +
      "name or to a template such as {year}/{month}/{day}.",
  );
}

/** The error for a layout that cannot be found: the problem, then what to set. `candidates` are the layouts that are possible. */
export function layoutError(
  problem: string,
  candidates: readonly string[],
  keys: readonly PartitionKey[],
): UserError {
  const names = keys.map((key) => `{${key.name}}`).join("/");
  const choice =
    candidates.length === 0
      ? `a template that names each key once, such as ${names}`
      : `${candidates.length === 1 ? "" : "one of these: "}${candidates.slice(0, 5).join(" , ")}`;
  return new UserError(`${problem}. Set the table's parameter ${PARAMETER_PREFIX}layout to ${choice}.`);
}
