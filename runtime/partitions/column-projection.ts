import { isWhole, NULL_VALUE, type PartitionKey } from "./layout/keys";
import type { Unit } from "./layout/moment";
import { spanOf, unitsOf, type Piece } from "./layout/time-format";

/** Properties of one column's projection, such as `{type: "integer", range: "1,12", digits: "2"}`. */
export type Projection = Readonly<Record<string, string>>;

/** "A few dozen or less". Source: Athena guide, Supported types for partition projection, Enum type. */
const MOST_VALUES = 36;
/** Years that a projected year goes beyond this one. */
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

/** How Athena could project a column, or why it could not. `seen` are all its different values. */
export function columnProjection(
  key: PartitionKey,
  pieces: readonly Piece[] | undefined,
  seen: readonly string[],
  now: Date,
): Projection | string {
  if (seen.length === 0) return "it has no partitions yet to tell values from";
  if (seen.includes(NULL_VALUE)) return `${key.name} has partitions without a value, which are not projected`;
  if (pieces !== undefined) return timeProjection(key, pieces, seen, now);
  if (isWhole(key)) return numberProjection(key, seen);
  if (seen.length > MOST_VALUES) {
    return `${key.name} has ${seen.length} different values or more, and at most ${MOST_VALUES} are worth enumerating`;
  }
  if (seen.some((value) => value.includes(",")))
    return `${key.name} has values with a comma, which cannot be enumerated`;
  return { type: "enum", values: [...seen].sort().join(",") };
}

function timeProjection(
  key: PartitionKey,
  pieces: readonly Piece[],
  seen: readonly string[],
  now: Date,
): Projection | string {
  const units = unitsOf(pieces);
  const [unit] = units;
  if (unit === "yyyy" && units.length === 1 && pieces.length === 1) {
    const years = seen.map(Number);
    const most = Math.max(...years, now.getUTCFullYear() + YEARS_AHEAD);
    return { type: "integer", range: `${Math.min(...years)},${most}`, digits: "4" };
  }
  const range = unit === undefined || units.length > 1 ? undefined : RANGES[unit];
  if (range !== undefined && pieces.length === 1) return paddedProjection(key, seen, range);
  if (new Set(units).size !== units.length) return `${key.name} holds intervals, which are not projected`;
  if (!units.includes("yyyy"))
    return `${key.name} counts weeks or seconds, whose steps projection does not know`;
  return dateProjection(key, pieces, seen, now);
}

function dateProjection(
  key: PartitionKey,
  pieces: readonly Piece[],
  seen: readonly string[],
  now: Date,
): Projection | string {
  const units = unitsOf(pieces);
  const [, interval = "DAYS"] = INTERVALS.find(([unit]) => units.includes(unit)) ?? [];
  let oldest = { value: "", from: Infinity };
  let newest = now.getTime();
  for (const value of seen) {
    const from = spanOf(pieces, value)?.from;
    if (from === undefined) return `${key.name} has values that are no dates`;
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

function numberProjection(key: PartitionKey, seen: readonly string[]): Projection | string {
  if (seen.some((value) => String(BigInt(value)) !== value))
    return `${key.name} has numbers with leading zeros`;
  const sorted = seen.map(BigInt).sort((one, other) => (one < other ? -1 : 1));
  return { type: "integer", range: `${sorted[0]},${sorted.at(-1)}` };
}

function paddedProjection(key: PartitionKey, seen: readonly string[], range: string): Projection | string {
  const short = seen.filter((value) => value.length === 1).length;
  const padded = seen.filter((value) => value.startsWith("0") && value.length === 2).length;
  if (short > 0 && padded > 0) return `${key.name} is written with and without a leading zero`;
  return { type: "integer", range, ...(short > 0 ? {} : { digits: "2" }) };
}

/** Letters that Java would take for a unit are quoted. */
function quoted(text: string): string {
  return /[A-Za-z]/.test(text) ? `'${text}'` : text;
}
