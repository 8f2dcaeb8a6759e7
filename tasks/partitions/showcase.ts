import type { Progress } from "../../local/tools/tools";
import { STARTED } from "../../runtime/contracts/partitions";
import type { Connection } from "../platform/connection";
import type { Showcase } from "../platform/showcases";
import { removeExampleLake, seedExampleLake } from "./example-lake";
import { renderResults } from "./results-table";
import { describeRun, followSync, needsAttention, type PartitionRun, startSync } from "./runs";

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

/** Puts the example lake there, and runs the partition manager. */
async function syncExampleLake(connection: Connection, progress: Progress): Promise<PartitionRun> {
  await seedExampleLake(connection, progress);
  const run = await followSync(connection, await startSync(connection, { reason: STARTED }), progress);
  progress(`Partitions: ${describeRun(run)}`);
  return run;
}
