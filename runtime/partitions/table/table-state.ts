import type { SyncResult } from "../../contracts/partitions";
import type { Comparison } from "../compare-table";
import type { TableState } from "./partition-store";
import type { Window } from "../layout/window";

/** What a run that got as far as that learns of a table, beside its result. */
export type Knowledge = Pick<TableState, "bucket" | "prefix" | "newestUntil" | "freshnessHours" | "advice">;

/**
 * The newest partition that a comparison found, and until when its time goes. Where none was found, that the newest must be
 * older than the window is known as well, if the window reaches to the present.
 */
export function newestOf(
  { found: { newest, layout } }: Comparison,
  window: Window,
  now: Date,
): Pick<TableState, "newest" | "newestAt" | "newestUntil"> {
  if (newest !== undefined) {
    const until = layout.timeOf(newest.values)?.to ?? newest.from;
    return { newest: newest.values, newestAt: isoOf(newest.from), newestUntil: isoOf(until) };
  }
  const { from, to } = window;
  const reachesNow = to === undefined || to >= now.getTime();
  return layout.isTimed && from !== undefined && reachesNow ? { newestUntil: isoOf(from) } : {};
}

/** Where a table stands after a run; one that learned nothing leaves what was known before. */
export function nextState(
  previous: TableState | undefined,
  result: SyncResult,
  knowledge: Knowledge | undefined,
  now: Date,
): TableState {
  const at = now.toISOString();
  const { bucket, prefix, layout, freshnessHours, advice } = previous ?? {};
  // What is no longer looked after cannot grow stale.
  if (result.status === "skipped") return { bucket, prefix, ...result, at };
  const known = knowledge ?? { bucket, prefix, freshnessHours, advice };
  return { layout, ...result, ...known, ...latestOf(previous, result, knowledge?.newestUntil), at };
}

/** A run over days long past must not hide what is newer. */
function latestOf(
  previous: TableState | undefined,
  { newest, newestAt }: SyncResult,
  newestUntil: string | undefined,
): Pick<TableState, "newest" | "newestAt" | "newestUntil"> {
  const isNews =
    newestAt === undefined ? previous?.newestUntil === undefined : newestAt >= (previous?.newestAt ?? "");
  const { newest: values, newestAt: at, newestUntil: until } = previous ?? {};
  return isNews ? { newest, newestAt, newestUntil } : { newest: values, newestAt: at, newestUntil: until };
}

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
