import type { TableState } from "./partition-store";

const HOUR = 3_600_000;

/**
 * Whether a table's newest partition is too old: the time that it stands for ended more than so many hours ago. A table
 * whose keys tell no time never is. Hours of its own go before `hours`.
 */
export function isStale(
  { newestUntil, freshnessHours = undefined }: Pick<TableState, "newestUntil" | "freshnessHours">,
  hours: number,
  now: Date,
): boolean {
  if (newestUntil === undefined) return false;
  return now.getTime() - Date.parse(newestUntil) > (freshnessHours ?? hours) * HOUR;
}
