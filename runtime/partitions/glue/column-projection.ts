import { isWholeNumber, NULL_VALUE, type PartitionKey } from "../layout/partition-keys";
import type { Unit } from "../layout/moment";
import { rangeOfText, unitsOf, type Piece } from "../layout/time-format";

/** The properties of one column's projection, such as `{type: "integer", range: "1,12", digits: "2"}`. */
export type ColumnProjection = Readonly<Record<string, string>>;

/** "A few dozen or less". Source: Athena guide, Supported types for partition projection, Enum type. */
const MAX_VALUES = 36;
/** The range of a projected year ends this number of years after the current one. */
const YEARS_AHEAD = 10;
const DAY = 86_400_000;
const RANGES: Readonly<Partial<Record<Unit, string>>> = { MM: "1,12", dd: "1,31", HH: "0,23", mm: "0,59" };
const INTERVALS: readonly (readonly [Unit, string])[] = [
  ["ss", "SECONDS"],
  ["mm", "MINUTES"],
  ["HH", "HOURS"],
  ["dd", "DAYS"],
  ["MM", "MONTHS"],
  ["yyyy", "YEARS"],
];

/** How Athena can project a column, or why it cannot. `seen` are all different values of the column. */
export function columnProjection(
  key: PartitionKey,
  pieces: readonly Piece[] | undefined,
  seen: readonly string[],
  now: Date,
): ColumnProjection | string {
  if (seen.length === 0) return "it has no partitions yet, so its values are not known";
  if (seen.includes(NULL_VALUE))
    return `${key.name} has partitions without a value, which projection does not support`;
  if (pieces !== undefined) return timeProjection(key, pieces, seen, now);
  if (isWholeNumber(key)) return numberProjection(key, seen);
  if (seen.length > MAX_VALUES) {
    return `${key.name} has ${seen.length} different values, and projection should list at most ${MAX_VALUES}`;
  }
  if (seen.some((value) => value.includes(",")))
    return `${key.name} has values with a comma, which projection cannot list`;
  return { type: "enum", values: [...seen].sort().join(",") };
}

function timeProjection(
  key: PartitionKey,
  pieces: readonly Piece[],
  seen: readonly string[],
  now: Date,
): ColumnProjection | string {
  const units = unitsOf(pieces);
  const [unit] = units;
  if (unit === "yyyy" && units.length === 1 && pieces.length === 1) {
    const years = seen.map(Number);
    const last = Math.max(...years, now.getUTCFullYear() + YEARS_AHEAD);
    return { type: "integer", range: `${Math.min(...years)},${last}`, digits: "4" };
  }
  const range = unit === undefined || units.length > 1 ? undefined : RANGES[unit];
  if (range !== undefined && pieces.length === 1) return paddedProjection(key, seen, range);
  if (new Set(units).size !== units.length)
    return `${key.name} holds intervals, which projection does not support`;
  if (!units.includes("yyyy"))
    return `${key.name} counts weeks or seconds, which projection does not support`;
  return dateProjection(key, pieces, seen, now);
}

function dateProjection(
  key: PartitionKey,
  pieces: readonly Piece[],
  seen: readonly string[],
  now: Date,
): ColumnProjection | string {
  const units = unitsOf(pieces);
  const [, interval = "DAYS"] = INTERVALS.find(([unit]) => units.includes(unit)) ?? [];
  let oldest = { value: "", from: Infinity };
  let newest = now.getTime();
  for (const value of seen) {
    const from = rangeOfText(pieces, value)?.from;
    if (from === undefined) return `${key.name} has values that are not dates`;
    if (from < oldest.from) oldest = { value, from };
    newest = Math.max(newest, from);
  }
  const daysAhead = Math.ceil((newest - now.getTime()) / DAY);
  return {
    type: "date",
    format: pieces.map((piece) => ("unit" in piece ? piece.unit : quoted(piece.text))).join(""),
    range: `${oldest.value},NOW${daysAhead === 0 ? "" : `+${daysAhead}DAYS`}`,
    interval: "1",
    "interval.unit": interval,
  };
}

function numberProjection(key: PartitionKey, seen: readonly string[]): ColumnProjection | string {
  if (seen.some((value) => String(BigInt(value)) !== value))
    return `${key.name} has numbers with leading zeros`;
  const sorted = seen.map(BigInt).sort((one, other) => (one < other ? -1 : 1));
  return { type: "integer", range: `${sorted[0]},${sorted.at(-1)}` };
}

function paddedProjection(
  key: PartitionKey,
  seen: readonly string[],
  range: string,
): ColumnProjection | string {
  const short = seen.filter((value) => value.length === 1).length;
  const padded = seen.filter((value) => value.startsWith("0") && value.length === 2).length;
  if (short > 0 && padded > 0) return `${key.name} is written with and without a leading zero`;
  return { type: "integer", range, ...(short > 0 ? {} : { digits: "2" }) };
}

/** Quotes letters, which Java would read as units. */
function quoted(text: string): string {
  return /[A-Za-z]/.test(text) ? `'${text}'` : text;
}
