import { z } from "zod";
import type { Log } from "../shared/log";
import {
  EVERY_TABLE,
  NOTHING,
  type SummaryAnswer,
  type SummaryRequest,
  type SyncResult,
} from "../contracts/partitions";
import { isStale } from "./table/freshness";
import type { Records } from "./table/partition-store";

/** Payload of the summary; `tables` is how many the survey named. */
export const summarySchema = z.object({
  runId: z.string().min(1),
  tables: z.number().int().optional(),
}) satisfies z.ZodType<SummaryRequest>;

export interface SummaryPorts {
  readonly records: Pick<Records, "results" | "states">;
  /** Makes a summary into metrics. */
  readonly measure: (summary: SummaryAnswer) => void;
  readonly log: Log;
  readonly now: () => Date;
}

/** Adds up the results of a run, and counts the tables, of all that are known, that are stale. */
export async function summarizeRun(
  { runId, tables }: SummaryRequest,
  freshnessHours: number,
  { records, measure, log, now }: SummaryPorts,
): Promise<SummaryAnswer> {
  const [results, states] = await Promise.all([records.results(runId), records.states()]);
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
  named: number | undefined,
  stale: number,
): SummaryAnswer {
  const statuses = { synced: 0, skipped: 0, refused: 0, failed: 0 };
  const partitions = { ...NOTHING, calls: 0 } as {
    -readonly [K in keyof SummaryAnswer["partitions"]]: number;
  };
  const counted = Object.keys(partitions) as (keyof typeof partitions)[];
  for (const result of results) {
    statuses[result.status]++;
    for (const name of counted) partitions[name] += result[name];
  }
  const reported = results.filter(({ table }) => table !== EVERY_TABLE).length;
  const tables = named ?? reported;
  return { runId, tables, ...statuses, unreported: Math.max(tables - reported, 0), stale, partitions };
}
