import type { SyncResult, TableState } from "./entities";

/** What a run learns about a table beside its result. */
export type TableDetails = Pick<
  TableState,
  "bucket" | "prefix" | "newestUntil" | "freshnessHours" | "advice"
>;

/** The counts of a table for which nothing was done. */
export const NO_CHANGES = {
  created: 0,
  existed: 0,
  updated: 0,
  deleted: 0,
  failed: 0,
  ignored: 0,
} as const;

/** The table name in the result of a database that could not be read. */
export const ALL_TABLES = "*";

/** The state of a table after a run. A run that learned no details keeps the previous ones. */
export function nextState(
  previous: TableState | undefined,
  result: SyncResult,
  details: TableDetails | undefined,
  now: Date,
): TableState {
  const at = now.toISOString();
  const { bucket, prefix, layout, freshnessHours, advice } = previous ?? {};
  // A table that is skipped can no longer become stale, so its newest partition is not kept.
  if (result.status === "skipped") return { bucket, prefix, ...result, at };
  const known = details ?? { bucket, prefix, freshnessHours, advice };
  return { layout, ...result, ...known, ...newestKnown(previous, result, details?.newestUntil), at };
}

/** The newest partition of all runs: a run over old days must not replace a newer one. */
function newestKnown(
  previous: TableState | undefined,
  { newest, newestAt }: SyncResult,
  newestUntil: string | undefined,
): Pick<TableState, "newest" | "newestAt" | "newestUntil"> {
  const isNewer =
    newestAt === undefined ? previous?.newestUntil === undefined : newestAt >= (previous?.newestAt ?? "");
  const { newest: values, newestAt: at, newestUntil: until } = previous ?? {};
  return isNewer ? { newest, newestAt, newestUntil } : { newest: values, newestAt: at, newestUntil: until };
}

const HOUR = 3_600_000;

/**
 * Whether the newest partition of a table is too old: its time ended more than `hours` ago. The table's own limit wins over
 * `hours`. A table whose keys contain no time is never stale.
 */
export function isStale(
  { newestUntil, freshnessHours = undefined }: Pick<TableState, "newestUntil" | "freshnessHours">,
  hours: number,
  now: Date,
): boolean {
  if (newestUntil === undefined) return false;
  return now.getTime() - Date.parse(newestUntil) > (freshnessHours ?? hours) * HOUR;
}
