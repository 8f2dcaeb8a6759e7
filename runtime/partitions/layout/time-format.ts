import { UserError } from "../../shared/errors";
import { Memo } from "./memo";
import { isReal, rangeOf, type TimeFields, type TimeRange, type Unit, UNITS } from "./moment";

/** One piece of a time format: fixed text, or the number of a unit. */
export type Piece =
  | { readonly text: string }
  | { readonly unit: Unit; /** Leading zeros may be left out. */ readonly zerosOptional?: true };

/** Formats that users may give by a name. */
const NAMED: Readonly<Record<string, string>> = {
  week: "YYYY-Www",
  attunity: "yyyyMMddTHHmmss_yyyyMMddTHHmmss",
};

/** Digits of each unit, as a regular expression counts them. */
const WIDTHS: Readonly<Record<Unit, string>> = {
  yyyy: "4",
  MM: "2",
  dd: "2",
  HH: "2",
  mm: "2",
  ss: "2",
  YYYY: "4",
  ww: "2",
  epoch: "9,10",
  "epoch-ms": "12,13",
};

/**
 * Parses a format such as `yyyy-MM-dd`, `dd.MM.yyyy`, `yyyy/MM/dd/HH`, `epoch`, `epoch-ms`, `week` (`YYYY-Www`) or
 * `attunity` (an interval; its start is its time).
 * @throws UserError when the format has no unit of time, or has a letter that is not a unit.
 */
export function parseTimeFormat(format: string): readonly Piece[] {
  if (format === "epoch" || format === "epoch-ms") return [{ unit: format }];
  const pieces: Piece[] = [];
  for (const [token] of (NAMED[format] ?? format).matchAll(
    /yyyy|MM|dd|HH|mm|ss|YYYY|ww|[TW]|[^A-Za-z0-9]|./g,
  )) {
    const unit = UNITS.find((known) => known === token);
    if (unit === undefined && /[A-SU-VX-Za-z0-9{}]/.test(token)) throw formatError(format);
    pieces.push(unit === undefined ? { text: token } : { unit });
  }
  if (!pieces.some((piece) => "unit" in piece)) throw formatError(format);
  return pieces;
}

/** The source of a regular expression that matches a piece; a group captures its number. */
export function expressionOf(piece: Piece): string {
  if ("text" in piece) return escapeExpression(piece.text);
  const width = WIDTHS[piece.unit];
  return piece.zerosOptional ? String.raw`(\d{1,${width}})` : String.raw`(\d{${width}})`;
}

/** The source of a regular expression that matches exactly this text. */
export function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}

const expressions = new WeakMap<readonly Piece[], RegExp>();
const times = new Memo<readonly Piece[], TimeFields | undefined>();

/** Reads the numbers of a text in this format. Undefined when the text has another format or is not a real time. */
export function readTime(pieces: readonly Piece[], text: string): TimeFields | undefined {
  return times.get(pieces, text, () => {
    const expression = expressions.get(pieces) ?? new RegExp(`^${pieces.map(expressionOf).join("")}$`);
    expressions.set(pieces, expression);
    const match = expression.exec(text);
    return match === null ? undefined : fieldsFromNumbers(pieces, match.slice(1));
  });
}

/** Assigns captured numbers to the units of a format, in order. In an interval the first number of a unit is used. */
export function fieldsFromNumbers(
  pieces: readonly Piece[],
  numbers: readonly string[],
): TimeFields | undefined {
  const fields: Partial<Record<Unit, number>> = {};
  let index = 0;
  for (const piece of pieces) {
    if ("text" in piece) continue;
    fields[piece.unit] ??= Number(numbers[index]);
    index++;
  }
  return isReal(fields) ? fields : undefined;
}

/** Writes a time in this format. */
export function writeTime(pieces: readonly Piece[], fields: TimeFields): string {
  return pieces
    .map((piece) => {
      if ("text" in piece) return piece.text;
      return String(fields[piece.unit] ?? 0).padStart(Number.parseInt(WIDTHS[piece.unit]), "0");
    })
    .join("");
}

/** The units of a format, in order. */
export function unitsOf(pieces: readonly Piece[]): readonly Unit[] {
  return pieces.flatMap((piece) => ("unit" in piece ? [piece.unit] : []));
}

/** Whether texts in this format sort like their times: coarse units come first, and every number has a fixed width. */
export function isSortable(pieces: readonly Piece[]): boolean {
  const places = unitsOf(pieces).map((unit) => UNITS.indexOf(unit));
  const first = places[0] ?? -1;
  const isOrdered = places.every(
    (place, index) => index === 0 || place > (places[index - 1] ?? 0) || place === first,
  );
  return isOrdered && pieces.every((piece) => !("unit" in piece && piece.zerosOptional));
}

/** The span of time that a text in this format describes. */
export function rangeOfText(pieces: readonly Piece[], text: string): TimeRange | undefined {
  const fields = readTime(pieces, text);
  return fields === undefined ? undefined : rangeOf(fields);
}

function formatError(format: string): UserError {
  return new UserError(
    `"${format}" is not a time format. Write it with yyyy, MM, dd, HH, mm, ss, YYYY, ww, or as epoch, epoch-ms, ` +
      "week or attunity.",
  );
}
