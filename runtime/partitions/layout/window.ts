import type { SyncOptions } from "../../contracts/partitions";
import type { TimeRange } from "./moment";

/** The span of time that a run looks at, in milliseconds since 1970: `from` is included, `to` is not. Without one, it is open. */
export interface Window {
  readonly from?: number;
  readonly to?: number;
}

/** How many days before and after today a run looks at. */
interface Reach {
  readonly lookBackDays?: number | "all";
  readonly lookAheadDays?: number;
}

const DAY = 86_400_000;

/**
 * The window of a run, in whole UTC days. It has the days from `from` to `to` (both included) if the run asks for them.
 * Otherwise it has today, the days of the look-back and the days of the look-ahead. The table's settings win over `defaults`.
 */
export function planWindow(options: SyncOptions, settings: Reach, defaults: Reach, now: Date): Window {
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

/** Whether a window is open at both ends. */
export function isEverything({ from, to }: Window): boolean {
  return from === undefined && to === undefined;
}

/** Whether a span of time and a window have a moment in common. */
export function overlaps(range: TimeRange, { from, to }: Window): boolean {
  return (from === undefined || range.to > from) && (to === undefined || range.from < to);
}
