/** Times as folder names write them, in UTC. */

/** A span of time in milliseconds since 1970: `from` is included, `to` is not. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Units that a path may contain, in Java's letters as Athena uses them: `YYYY` and `ww` are the ISO week's. */
export const UNITS = ["yyyy", "MM", "dd", "HH", "mm", "ss", "YYYY", "ww", "epoch", "epoch-ms"] as const;
export type Unit = (typeof UNITS)[number];

/** Numbers that were read from a path, by unit. */
export type TimeFields = Readonly<Partial<Record<Unit, number>>>;

/** Adds the units of `more` that `fields` does not have yet. */
export function addFields(fields: Partial<Record<Unit, number>>, more: TimeFields): void {
  for (const unit in more) fields[unit as Unit] ??= more[unit as Unit] ?? 0;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/**
 * The span of time that the fields describe: as long as the finest unit that follows the year without a gap. Undefined when
 * there is no such time.
 */
export function rangeOf(fields: TimeFields): TimeRange | undefined {
  if (fields.epoch !== undefined) return rangeFrom(fields.epoch * SECOND, SECOND);
  if (fields["epoch-ms"] !== undefined) return rangeFrom(fields["epoch-ms"], 1);
  if (fields.YYYY !== undefined) return weeksOf(fields.YYYY, fields.ww);
  const { yyyy, MM, dd, HH, mm, ss } = fields;
  if (yyyy === undefined || !isReal(fields)) return undefined;
  if (MM === undefined) return { from: Date.UTC(yyyy, 0), to: Date.UTC(yyyy + 1, 0) };
  if (dd === undefined) return { from: Date.UTC(yyyy, MM - 1), to: Date.UTC(yyyy, MM) };
  const day = Date.UTC(yyyy, MM - 1, dd);
  if (HH === undefined) return rangeFrom(day, DAY);
  if (mm === undefined) return rangeFrom(day + HH * HOUR, HOUR);
  if (ss === undefined) return rangeFrom(day + HH * HOUR + mm * MINUTE, MINUTE);
  return rangeFrom(day + HH * HOUR + mm * MINUTE + ss * SECOND, SECOND);
}

/** Whether the given numbers can be a date and a time of day: 30 February cannot. */
export function isReal({ yyyy, MM = 1, dd = 1, HH = 0, mm = 0, ss = 0, YYYY, ww = 1 }: TimeFields): boolean {
  if (yyyy !== undefined && yyyy < 100) return false;
  if (MM < 1 || MM > 12 || dd < 1 || HH > 23 || mm > 59 || ss > 59 || ww < 1 || ww > 53) return false;
  const isLeap = yyyy === undefined || (yyyy % 4 === 0 && (yyyy % 100 !== 0 || yyyy % 400 === 0));
  const days = MM === 2 ? (isLeap ? 29 : 28) : MM === 4 || MM === 6 || MM === 9 || MM === 11 ? 30 : 31;
  return dd <= days && (YYYY === undefined || weeksOf(YYYY, ww) !== undefined);
}

/** Whether an ISO day exists: 2026-02-30 does not. */
export function isDay(iso: string): boolean {
  const moment = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(iso);
}

/** The numbers of all units at a moment. */
export function fieldsAt(moment: number): Required<TimeFields> {
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

function rangeFrom(from: number, length: number): TimeRange {
  return { from, to: from + length };
}

/** A week of an ISO year, or the whole ISO year. */
function weeksOf(year: number, week: number | undefined): TimeRange | undefined {
  const first = firstMonday(year);
  if (week === undefined) return { from: first, to: firstMonday(year + 1) };
  const from = first + (week - 1) * WEEK;
  return week >= 1 && from < firstMonday(year + 1) ? rangeFrom(from, WEEK) : undefined;
}

/** Monday of the ISO year's first week: the week that contains 4 January. */
function firstMonday(year: number): number {
  const fourth = Date.UTC(year, 0, 4);
  return fourth - ((new Date(fourth).getUTCDay() || 7) - 1) * DAY;
}
