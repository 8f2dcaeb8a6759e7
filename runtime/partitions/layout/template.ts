import { UserError } from "../../shared/errors";
import { foldersOf } from "./junk";
import { isText, isWhole, type PartitionKey } from "./keys";
import type { Unit } from "./moment";
import { parseTimeFormat, unitsOf, type Piece } from "./time-format";

/** A part of a folder's name: text as it stands, or (a piece of) the value of a key. */
export type Token = { readonly text: string } | { readonly key: number; readonly piece?: Piece };

/** A folder: `name=value` as Hive writes it, or any mixture of text and values. Keys are numbered in the table's order. */
export type Folder = { readonly hive: string; readonly key: number } | { readonly tokens: readonly Token[] };

/** How the folders of a table are to be read. */
export interface Template {
  readonly name: string;
  readonly folders: readonly Folder[];
  /** For each key how its text spells time, or undefined where it does not. */
  readonly times: readonly (readonly Piece[] | undefined)[];
}

/** Units that a key of exactly that name stands for, if the template says no format. */
const NAMED_UNITS: ReadonlyMap<string, Unit> = new Map([
  ["year", "yyyy"],
  ["month", "MM"],
  ["day", "dd"],
  ["hour", "HH"],
  ["minute", "mm"],
  ["week", "ww"],
] as const);

/**
 * Reads a template such as `{year}/{month}/{day}`, `dt={dt:yyyyMMdd}` or `AWSLogs/{account}/{dt:yyyy/MM/dd}`: names of
 * keys in braces, each perhaps with a format of time.
 * @param name what the layout is called in results. @default the template
 * @throws UserError telling what is wrong with it.
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
      if (seen.has(key)) throw templateError(text, `${part} is there twice`);
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
  if (missing.length > 0) throw templateError(text, `it lacks ${missing.join(", ")}`);
  return asWeeks({ name, folders: folders.map((tokens) => folderOf(text, tokens, times)), times });
}

/** The template by which Hive lays out those keys. `names` are spelled as in the path. */
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
  // Whether the day or the month comes first cannot be told from every folder, so the name must tell it.
  const isPlain = !formats.some((format) => /^(dd|MM)/.test(format ?? ""));
  return parseTemplate(text, keys, isPlain ? "hive" : text);
}

function readKey(template: string, part: string, keys: readonly PartitionKey[]) {
  const [, name = "", format] = /^\{([^:]*)(?::(.*))?\}$/.exec(part) ?? [];
  const key = keys.findIndex((known) => known.name === name.toLowerCase());
  const known = keys[key];
  if (known === undefined) {
    const names = keys.map((each) => each.name).join(", ");
    throw templateError(template, `${part} is none of the table's partition keys (${names})`);
  }
  return { key, pieces: format === undefined ? impliedTime(known) : parseTimeFormat(format) };
}

function impliedTime(key: PartitionKey): readonly Piece[] | undefined {
  if (key.type === "date") return parseTimeFormat("yyyy-MM-dd");
  if (key.type === "timestamp") return parseTimeFormat("yyyy-MM-dd HH:mm:ss");
  const unit = NAMED_UNITS.get(key.name);
  if (unit === undefined || !(isText(key) || isWhole(key))) return undefined;
  return [unit === "yyyy" ? { unit } : { unit, loose: true }];
}

function folderOf(template: string, tokens: readonly Token[], times: Template["times"]): Folder {
  const [first, second] = tokens;
  if (first === undefined) throw templateError(template, "it has a folder without a name");
  const isHive = "text" in first && /^[^=]+=$/.test(first.text) && second !== undefined && "key" in second;
  if (isHive && tokens.slice(1).every((token) => "key" in token && token.key === second.key)) {
    // A key whose time goes over several folders is not a value that Hive would write.
    const isWhole = !(times[second.key] ?? []).some((piece) => "text" in piece && piece.text === "/");
    if (isWhole) return { hive: first.text.slice(0, -1), key: second.key };
  }
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (next !== undefined && isOpen(token) && isOpen(next)) {
      throw templateError(template, "two values stand side by side with nothing between them");
    }
  });
  return { tokens };
}

/** Whether nobody can tell from a value alone how long it is. */
function isOpen(token: Token): boolean {
  return (
    "key" in token && (token.piece === undefined || ("unit" in token.piece && token.piece.loose === true))
  );
}

/** Beside a week, a year is the year of ISO weeks. */
function asWeeks(template: Template): Template {
  if (!template.times.some((pieces) => pieces !== undefined && unitsOf(pieces).includes("ww")))
    return template;
  const turn = (piece: Piece): Piece => ("unit" in piece && piece.unit === "yyyy" ? { unit: "YYYY" } : piece);
  return {
    name: template.name,
    times: template.times.map((pieces) => pieces?.map(turn)),
    folders: template.folders.map((folder) =>
      "hive" in folder
        ? folder
        : {
            tokens: folder.tokens.map((token) =>
              "key" in token && token.piece !== undefined ? { ...token, piece: turn(token.piece) } : token,
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
    `The layout "${template}" cannot be: ${problem}. Set the table's parameter strata.partitions.layout to a layout's ` +
      "name or to a template such as {year}/{month}/{day}.",
  );
}
