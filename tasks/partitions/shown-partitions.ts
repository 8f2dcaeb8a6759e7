import type { Progress } from "../../local/tools/tools";
import type { Connection } from "../platform/connection";
import { seedExampleLake } from "./example-lake";
import { type PartitionRun, describeRun, followSync, startSync } from "./runs";

/** Seeds the example lake and has the partition manager look after it. */
export async function showPartitions(connection: Connection, progress: Progress): Promise<PartitionRun> {
  await seedExampleLake(connection, progress);
  const run = await startSync(connection, { reason: "start" });
  const done = await followSync(connection, run, progress);
  progress(`Partitions: ${describeRun(done)}`);
  return done;
}
