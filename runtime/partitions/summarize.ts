import type { SummaryAnswer, SummaryRequest } from "../contracts/partitions";
import type { Log } from "../shared/log";
import type { SyncResult } from "./table/entities";
import type { PartitionStore } from "./table/partition-store";
import { ALL_TABLES, isStale, NO_CHANGES } from "./table/table-state";

export interface SummaryPorts {
  readonly store: Pick<PartitionStore, "results" | "states">;
  /** Publishes the metrics of a run. */
  readonly measure: (summary: SummaryAnswer) => void;
  readonly log: Log;
  readonly now: () => Date;
}

/** Adds up the results of a run, and counts the stale tables among all that are known. */
export async function summarizeRun(
  { runId, tables }: SummaryRequest,
  freshnessHours: number,
  { store, measure, log, now }: SummaryPorts,
): Promise<SummaryAnswer> {
  const [results, states] = await Promise.all([store.results(runId), store.states()]);
  const stale = states.filter((state) => isStale(state, freshnessHours, now()));
  const summary = addUp(runId, results, tables, stale.length);
  measure(summary);
  log.info("run summarized", {
    ...summary,
    staleTables: stale.slice(0, 20).map((state) => `${state.database}.${state.table}`),
  });
  return summary;
}

function addUp(
  runId: string,
  results: readonly SyncResult[],
  listed: number | undefined,
  stale: number,
): SummaryAnswer {
  const statuses = { synced: 0, skipped: 0, refused: 0, failed: 0 };
  const partitions = { ...NO_CHANGES, calls: 0 } as {
    -readonly [K in keyof SummaryAnswer["partitions"]]: number;
  };
  const counted = Object.keys(partitions) as (keyof typeof partitions)[];
  for (const result of results) {
    statuses[result.status]++;
    for (const name of counted) partitions[name] += result[name];
  }
  const reported = results.filter(({ table }) => table !== ALL_TABLES).length;
  const tables = listed ?? reported;
  return { runId, tables, ...statuses, unreported: Math.max(tables - reported, 0), stale, partitions };
}
