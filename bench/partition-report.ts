import Table from "cli-table3";
import { megabytes, seconds } from "./figures";
import { type Comparison, type PartitionBenchResult, describeDelays } from "./partitions";

/** Calls that change something in Glue or S3. */
const WRITE = /^Glue\.(Batch)?(Create|Update|Delete)|^S3\.(PUT|POST|DELETE)$/;

/** The memory that a sync of a table should need at most. */
const MAX_MEMORY = "<= 256 MB";

/** The result as tables: a line for each figure, with the aim. */
export function renderPartitionBench(result: PartitionBenchResult): string {
  const { partitions, comparisons, manyPartitions, many } = result;
  const tables = comparisons.map((comparison, place) => [
    `${String(partitions)} partitions, ${describeDelays(comparison.delays)}`,
    renderComparison(comparison, partitions, place === 0 ? { first: "5 x", again: "20 x" } : {}),
  ]);
  const peak = Math.max(many.first.peakBytes, many.again.peakBytes);
  return [
    ...tables.flat(),
    `peak memory of ${String(manyPartitions)} partitions: ${megabytes(peak)}, aim: ${MAX_MEMORY}`,
  ].join("\n");
}

function renderComparison(
  { awswrangler, strata }: Comparison,
  partitions: number,
  aims: { readonly first?: string; readonly again?: string },
): string {
  const table = new Table({
    head: ["", "awswrangler", "strata", "ratio", "aim"],
    style: { head: [], border: [] },
  });
  for (const [title, run, aim = ""] of [
    ["first run", "first", aims.first],
    ["nothing changed", "again", aims.again],
  ] as const) {
    const [theirs, ours] = [awswrangler[run].milliseconds, strata[run].milliseconds];
    table.push([title, seconds(theirs), seconds(ours), `${(theirs / ours).toFixed(1)} x`, aim]);
    const waits = [awswrangler, strata].map((side) => seconds(side[run].emulatorMilliseconds));
    table.push(["  emulator at work", ...waits, "", ""]);
  }
  const creates = (calls: Readonly<Record<string, number>>) =>
    String(calls["Glue.BatchCreatePartition"] ?? 0);
  const maxCreates = `<= ${String(Math.ceil(partitions / 100))}`;
  table.push([
    "create calls, first run",
    creates(awswrangler.firstCalls),
    creates(strata.firstCalls),
    "",
    maxCreates,
  ]);
  table.push([
    "listing calls, first run",
    listings(awswrangler.firstCalls),
    listings(strata.firstCalls),
    "",
    "",
  ]);
  table.push(["writes, nothing changed", writes(awswrangler.againCalls), writes(strata.againCalls), "", "0"]);
  const peaks = [awswrangler, strata].map(({ first, again }) => Math.max(first.peakBytes, again.peakBytes));
  table.push(["peak memory", ...peaks.map(megabytes), "", MAX_MEMORY]);
  return table.toString();
}

function writes(calls: Readonly<Record<string, number>>): string {
  const counts = Object.entries(calls).map(([name, count]) => (WRITE.test(name) ? count : 0));
  return String(counts.reduce((sum, count) => sum + count, 0));
}

function listings(calls: Readonly<Record<string, number>>): string {
  return String((calls["S3.List"] ?? 0) + (calls["Glue.GetPartitions"] ?? 0));
}
