import type { Connection } from "../platform/connection";
import type { Progress } from "../../local/tools/tools";
import { STARTED } from "../../runtime/contracts/partitions";
import type { Showcase } from "../platform/showcases";
import { removeExampleLake, seedExampleLake } from "./example-lake";
import { renderResults } from "./results-table";
import { type PartitionRun, describeRun, followSync, needsAttention, startSync } from "./runs";

/** Syncs the partitions of an example lake. */
export const showcase: Showcase<{ readonly partitions: PartitionRun }> = {
  show: ({ connection, progress }) => ({ partitions: syncExampleLake(connection, progress) }),
  present: (_connection, { partitions }) => ({
    json: { partitions: partitions?.results },
    tables: partitions === undefined ? [] : [renderResults(partitions.results)],
    next: ["./strata partitions status"],
    needsAttention: partitions !== undefined && needsAttention(partitions),
  }),
  remove: removeExampleLake,
};

/** Seeds the example lake and has the partition manager look after it. */
async function syncExampleLake(connection: Connection, progress: Progress): Promise<PartitionRun> {
  await seedExampleLake(connection, progress);
  const run = await startSync(connection, { reason: STARTED });
  const done = await followSync(connection, run, progress);
  progress(`Partitions: ${describeRun(done)}`);
  return done;
}
