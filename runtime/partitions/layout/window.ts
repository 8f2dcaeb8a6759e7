import { UserError } from "../../shared/errors";
import type { SyncOptions } from "../../contracts/partitions";
import { isDay } from "./keys";
import type { TimeRange } from "./moment";

/** The span of time that is looked at, in milliseconds since 1970, `[from, to)`. An absent border is open. */
export interface Window {
  readonly from?: number;
  readonly to?: number;
}

/** How far to look, in days. */
interface Reach {
  readonly lookBackDays?: number | "all";
  readonly lookAheadDays?: number;
}

const DAY = 86_400_000;

/**
 * The window of a run, in whole UTC days: the days asked for, both included; else today, the days of the look-back
 * before it and of the look-ahead after it. The table's settings come before `defaults`.
 * @throws UserError for a day that is none.
 */
export function planWindow(options: SyncOptions, settings: Reach, defaults: Reach, now: Date): Window {
  checkOptions(options);
  const { from, to } = options;
  if (options.full === true) return {};
  if (from !== undefined || to !== undefined) {
    return {
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(to === undefined ? {} : { to: Date.parse(to) + DAY }),
    };
  }
  const back = settings.lookBackDays ?? defaults.lookBackDays ?? "all";
  const ahead = settings.lookAheadDays ?? defaults.lookAheadDays ?? 0;
  if (back === "all") return {};
  const today = Math.floor(now.getTime() / DAY) * DAY;
  return { from: today - back * DAY, to: today + (ahead + 1) * DAY };
}

/**
 * Checks the days that a run is asked for.
 * @throws UserError naming the day that is not in the calendar, or an end before its start.
 */
export function checkOptions({ from, to, full }: SyncOptions): void {
  for (const [name, day] of Object.entries({ from, to })) {
    if (day !== undefined && !(/^\d{4}-\d{2}-\d{2}$/.test(day) && isDay(day))) {
      throw new UserError(`${name} is "${day}", which is no day. Write it as 2026-11-21.`);
    }
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw new UserError(`from (${from}) is after to (${to}). Exchange them.`);
  }
  if (full === true && (from !== undefined || to !== undefined)) {
    throw new UserError("Ask either for everything (full) or for days (from, to), not for both.");
  }
}

/** Whether a window is open at both ends. */
export function isEverything({ from, to }: Window): boolean {
  return from === undefined && to === undefined;
}

/** Whether a span and a window have a moment in common. */
export function overlaps(range: TimeRange, { from, to }: Window): boolean {
  return (from === undefined || range.to > from) && (to === undefined || range.from < to);
}
