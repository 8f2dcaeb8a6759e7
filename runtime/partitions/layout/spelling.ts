import { NULL_VALUE, type PartitionKey } from "./keys";
import { fieldsAt, rangeOf } from "./moment";
import { Remembered } from "./memo";
import { readTime, writeTime, type Piece } from "./time-format";

/** Between the text of a path and the value that Glue keeps: they differ only where the key is a date or a timestamp. */

const values = new Remembered<readonly Piece[], string | undefined>();
const texts = new Remembered<readonly Piece[], string | undefined>();

/** The value that a path's text stands for; undefined when it is no time of that format. */
export function toValue(
  key: PartitionKey,
  text: string,
  pieces: readonly Piece[] | undefined,
): string | undefined {
  if (text === NULL_VALUE || pieces === undefined || !isMoment(key)) return text;
  return values.of(pieces, `${key.type} ${text}`, () => valueOf(key, text, pieces));
}

function valueOf(key: PartitionKey, text: string, pieces: readonly Piece[]): string | undefined {
  const fields = readTime(pieces, text);
  const range = fields === undefined ? undefined : rangeOf(fields);
  // A timestamp with fractions is no format's text, yet right as it is.
  if (range === undefined) return key.type === "timestamp" ? text : undefined;
  const iso = new Date(range.from).toISOString();
  return key.type === "date" ? iso.slice(0, 10) : iso.slice(0, 19).replace("T", " ");
}

/** The path's text of a value; undefined when the format cannot tell it. */
export function toPathText(
  key: PartitionKey,
  value: string,
  pieces: readonly Piece[] | undefined,
): string | undefined {
  if (value === NULL_VALUE || pieces === undefined || !isMoment(key)) return value;
  return texts.of(pieces, `${key.type} ${value}`, () => pathTextOf(key, value, pieces));
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
