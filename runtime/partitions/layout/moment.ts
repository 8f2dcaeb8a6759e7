/** Times as folders spell them, in UTC. */

/** A span of time in milliseconds since 1970, `[from, to)`. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Units that a path may spell, in Java's letters as Athena takes them: `YYYY` and `ww` are of the ISO week. */
export const UNITS = ["yyyy", "MM", "dd", "HH", "mm", "ss", "YYYY", "ww", "epoch", "epoch-ms"] as const;
export type Unit = (typeof UNITS)[number];

/** Numbers read from a path. */
export type Fields = Readonly<Partial<Record<Unit, number>>>;

/** Adds what is told to what was told before, which counts where both tell the same unit. */
export function addFields(before: Partial<Record<Unit, number>>, told: Fields): void {
  for (const unit in told) before[unit as Unit] ??= told[unit as Unit] ?? 0;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** The span that fields stand for, as fine as they tell without a gap; undefined when there is no such time. */
export function rangeOf(fields: Fields): TimeRange | undefined {
  if (fields.epoch !== undefined) return spanOf(fields.epoch * SECOND, SECOND);
  if (fields["epoch-ms"] !== undefined) return spanOf(fields["epoch-ms"], 1);
  if (fields.YYYY !== undefined) return weeksOf(fields.YYYY, fields.ww);
  const { yyyy, MM, dd, HH, mm, ss } = fields;
  if (yyyy === undefined || !isReal(fields)) return undefined;
  if (MM === undefined) return { from: Date.UTC(yyyy, 0), to: Date.UTC(yyyy + 1, 0) };
  if (dd === undefined) return { from: Date.UTC(yyyy, MM - 1), to: Date.UTC(yyyy, MM) };
  const day = Date.UTC(yyyy, MM - 1, dd);
  if (HH === undefined) return spanOf(day, DAY);
  if (mm === undefined) return spanOf(day + HH * HOUR, HOUR);
  if (ss === undefined) return spanOf(day + HH * HOUR + mm * MINUTE, MINUTE);
  return spanOf(day + HH * HOUR + mm * MINUTE + ss * SECOND, SECOND);
}

/** Whether the numbers are in the calendar and on the clock, as far as they are told: 30 February is not. */
export function isReal({ yyyy, MM = 1, dd = 1, HH = 0, mm = 0, ss = 0, YYYY, ww = 1 }: Fields): boolean {
  if (yyyy !== undefined && yyyy < 100) return false;
  if (MM < 1 || MM > 12 || dd < 1 || HH > 23 || mm > 59 || ss > 59 || ww < 1 || ww > 53) return false;
  const isLeap = yyyy === undefined || (yyyy % 4 === 0 && (yyyy % 100 !== 0 || yyyy % 400 === 0));
  const days = MM === 2 ? (isLeap ? 29 : 28) : MM === 4 || MM === 6 || MM === 9 || MM === 11 ? 30 : 31;
  return dd <= days && (YYYY === undefined || weeksOf(YYYY, ww) !== undefined);
}

/** Every unit at a moment. */
export function fieldsAt(moment: number): Required<Fields> {
  const at = new Date(moment);
  // The ISO year of a week is the year of its Thursday.
  const thursday = new Date(moment + (4 - (at.getUTCDay() || 7)) * DAY);
  const weekYear = thursday.getUTCFullYear();
  return {
    yyyy: at.getUTCFullYear(),
    MM: at.getUTCMonth() + 1,
    dd: at.getUTCDate(),
    HH: at.getUTCHours(),
    mm: at.getUTCMinutes(),
    ss: at.getUTCSeconds(),
    YYYY: weekYear,
    ww: Math.floor((thursday.getTime() - Date.UTC(weekYear, 0, 1)) / WEEK) + 1,
    epoch: Math.floor(moment / SECOND),
    "epoch-ms": moment,
  };
}

function spanOf(from: number, length: number): TimeRange {
  return { from, to: from + length };
}

function weeksOf(year: number, week: number | undefined): TimeRange | undefined {
  const first = firstMonday(year);
  if (week === undefined) return { from: first, to: firstMonday(year + 1) };
  const from = first + (week - 1) * WEEK;
  return week >= 1 && from < firstMonday(year + 1) ? spanOf(from, WEEK) : undefined;
}

/** Monday of the ISO year's first week, the one that holds the 4th of January. */
function firstMonday(year: number): number {
  const fourth = Date.UTC(year, 0, 4);
  return fourth - ((new Date(fourth).getUTCDay() || 7) - 1) * DAY;
}
