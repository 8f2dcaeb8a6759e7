import { UserError } from "../../shared/errors";
import { isReal, rangeOf, UNITS, type Fields, type TimeRange, type Unit } from "./moment";
import { Remembered } from "./memo";

/** One piece of a time's spelling: text as it stands, or a number. */
export type Piece =
  | { readonly text: string }
  | { readonly unit: Unit; /** Leading zeros may be left out. */ readonly loose?: true };

/** Formats that have a name of their own. */
const NAMED: Readonly<Record<string, string>> = {
  week: "YYYY-Www",
  attunity: "yyyyMMddTHHmmss_yyyyMMddTHHmmss",
};

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
 * Reads a format such as `yyyy-MM-dd`, `dd.MM.yyyy`, `yyyy/MM/dd/HH`, `epoch`, `epoch-ms`, `week` (`YYYY-Www`) or
 * `attunity` (an interval, which counts by its start).
 * @throws UserError when it has no unit of time, or a letter that stands for none.
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

/** A regular expression for a piece, with a group around its number. */
export function sourceOf(piece: Piece): string {
  if ("text" in piece) return escapeExpression(piece.text);
  return piece.loose ? String.raw`(\d{1,${WIDTHS[piece.unit]}})` : String.raw`(\d{${WIDTHS[piece.unit]}})`;
}

/** A text in which no character means anything to a regular expression. */
export function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}

const expressions = new WeakMap<readonly Piece[], RegExp>();
const times = new Remembered<readonly Piece[], Fields | undefined>();

/** The numbers of a text in that format; undefined when it is of another, or no real time. */
export function readTime(pieces: readonly Piece[], text: string): Fields | undefined {
  return times.of(pieces, text, () => {
    const expression = expressions.get(pieces) ?? new RegExp(`^${pieces.map(sourceOf).join("")}$`);
    expressions.set(pieces, expression);
    const match = expression.exec(text);
    return match === null ? undefined : fieldsOf(pieces, match.slice(1));
  });
}

/** Puts numbers to the units they were read by. Of an interval the first moment counts. */
export function fieldsOf(pieces: readonly Piece[], numbers: readonly string[]): Fields | undefined {
  const fields: Partial<Record<Unit, number>> = {};
  let index = 0;
  for (const piece of pieces) {
    if ("text" in piece) continue;
    fields[piece.unit] ??= Number(numbers[index]);
    index++;
  }
  return isReal(fields) ? fields : undefined;
}

/** Writes a time in that format. */
export function writeTime(pieces: readonly Piece[], fields: Fields): string {
  return pieces
    .map((piece) => {
      if ("text" in piece) return piece.text;
      return String(fields[piece.unit] ?? 0).padStart(Number.parseInt(WIDTHS[piece.unit]), "0");
    })
    .join("");
}

/** The units of a format, in their order. */
export function unitsOf(pieces: readonly Piece[]): readonly Unit[] {
  return pieces.flatMap((piece) => ("unit" in piece ? [piece.unit] : []));
}

/** Whether text in that format sorts as its times do: coarse before fine, and every number of a fixed width. */
export function isSortable(pieces: readonly Piece[]): boolean {
  const places = unitsOf(pieces).map((unit) => UNITS.indexOf(unit));
  const first = places[0] ?? -1;
  const isOrdered = places.every(
    (place, index) => index === 0 || place > (places[index - 1] ?? 0) || place === first,
  );
  return isOrdered && pieces.every((piece) => !("unit" in piece && piece.loose));
}

/** The span that a text in that format stands for. */
export function spanOf(pieces: readonly Piece[], text: string): TimeRange | undefined {
  const fields = readTime(pieces, text);
  return fields === undefined ? undefined : rangeOf(fields);
}

function formatError(format: string): UserError {
  return new UserError(
    `"${format}" is no format of a time. Write it with yyyy, MM, dd, HH, mm, ss, YYYY, ww, or as epoch, epoch-ms, ` +
      "week or attunity.",
  );
}
