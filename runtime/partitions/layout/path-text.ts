import { Memo } from "./memo";
import { fieldsAt, rangeOf } from "./moment";
import { NULL_VALUE, type PartitionKey } from "./partition-keys";
import { type Piece, readTime, writeTime } from "./time-format";

/** The text of a path: its folders, which of them are data, and the values that their names contain. */

/** The folders of a prefix: `a/b/` is `["a", "b"]`. */
export function foldersOf(prefix: string): string[] {
  return (prefix.endsWith("/") ? prefix.slice(0, -1) : prefix).split("/");
}

/**
 * Why a folder holds no data of a table, or undefined if it does. Hive, Spark and Athena also ignore names that start with `_`
 * or `.`, but `_key=value` is data.
 */
export function junkReason(folder: string): string | undefined {
  if (folder === "") return "a double slash";
  if (folder.endsWith("$folder$")) return "a folder marker";
  if (folder === NULL_VALUE || (folder.startsWith("_") && folder.includes("="))) return undefined;
  return /^[_.]/.test(folder) ? "a hidden folder" : undefined;
}

/** The reason of the first folder that is junk; undefined when none is. */
export function firstJunkReason(folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    const reason = junkReason(folder);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** The characters that Hive escapes. Source: Hive's FileUtils.escapePathName. */
const ESCAPED = new RegExp(String.raw`[\u0001-\u001f"#%'*/:=?\\\u007f{\[\]^]`, "g");

/** Escapes a value as Hive does in a path: `10:30` becomes `10%3A30`. */
export function escapeValue(value: string): string {
  return value.replace(
    ESCAPED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/**
 * Reverses `escapeValue`. Hive escapes single ASCII characters only. Other writers also escape longer characters, as the bytes
 * of UTF-8. Whatever is not a valid escape stays as it is.
 */
export function unescapeValue(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    const bytes = Buffer.from(escapes.replaceAll("%", ""), "hex");
    const value = bytes.toString("utf8");
    return value.includes("\ufffd") ? escapes : value;
  });
}

const values = new Memo<readonly Piece[], string | undefined>();
const texts = new Memo<readonly Piece[], string | undefined>();

/**
 * The value that Glue stores for a text of the path. They differ only for dates and timestamps. Undefined when the text is not
 * a time in the given format.
 */
export function toValue(
  key: PartitionKey,
  text: string,
  pieces: readonly Piece[] | undefined,
): string | undefined {
  if (text === NULL_VALUE || pieces === undefined || !isMoment(key)) return text;
  return values.get(pieces, `${key.type} ${text}`, () => valueOf(key, text, pieces));
}

function valueOf(key: PartitionKey, text: string, pieces: readonly Piece[]): string | undefined {
  const fields = readTime(pieces, text);
  const range = fields === undefined ? undefined : rangeOf(fields);
  // A timestamp with fractions of a second fits no format, but it is a valid value.
  if (range === undefined) return key.type === "timestamp" ? text : undefined;
  const iso = new Date(range.from).toISOString();
  return key.type === "date" ? iso.slice(0, 10) : iso.slice(0, 19).replace("T", " ");
}

/** The text of the path for a value that Glue stores. Undefined when the given format cannot express the value. */
export function toPathText(
  key: PartitionKey,
  value: string,
  pieces: readonly Piece[] | undefined,
): string | undefined {
  if (value === NULL_VALUE || pieces === undefined || !isMoment(key)) return value;
  return texts.get(pieces, `${key.type} ${value}`, () => pathTextOf(key, value, pieces));
}

function pathTextOf(key: PartitionKey, value: string, pieces: readonly Piece[]): string | undefined {
  const moment = Date.parse(`${value.replace(" ", "T")}${key.type === "date" ? "T00:00:00" : ""}Z`);
  if (Number.isNaN(moment)) return undefined;
  const text = writeTime(pieces, fieldsAt(moment));
  if (toValue(key, text, pieces) === value) return text;
  return key.type === "timestamp" ? value : undefined;
}

function isMoment(key: PartitionKey): boolean {
  return key.type === "date" || key.type === "timestamp";
}
