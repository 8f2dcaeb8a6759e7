/** The partition benchmark: Strata's sync of a table against awswrangler registering the same folders. */
import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import { startEmulator, resetHome } from "../local/emulator/emulator";
import { REPOSITORY } from "../local/paths";
import type { Tools } from "../local/tools/tools";
import { type AwsProxy, type Delays, startAwsProxy } from "./aws-proxy";
import { refuseAsGlue } from "./glue-limits";
import { madeUpLake } from "./made-up-lake";
import { createBenchDatabase, createBenchTable, registered, seedObjects } from "./partition-lake";
import { type Measured, type Side, awswranglerSide, strataSide } from "./partition-sides";

interface PartitionBenchOptions {
  readonly tools: Tools;
  /** The port of the benchmark's own emulator. */
  readonly port: number;
  readonly partitions: number;
  /** How many partitions the memory is measured with. Their lake does not exist. */
  readonly manyPartitions: number;
  /** Milliseconds that each call takes longer. */
  readonly delays: Delays;
  readonly log: (line: string) => void;
}

/** The part of a run's time in which the emulator was busy. */
interface EmulatorTime {
  readonly emulatorMilliseconds: number;
}

/** The first run, the median of the runs in which nothing had changed, and how often they made each call. */
interface Runs {
  readonly first: Measured & EmulatorTime;
  readonly again: Measured & EmulatorTime;
  readonly firstCalls: Readonly<Record<string, number>>;
  readonly againCalls: Readonly<Record<string, number>>;
}

/** Both sides with the same delays. */
export interface Comparison {
  readonly delays: Delays;
  readonly awswrangler: Runs;
  readonly strata: Runs;
}

export interface PartitionBenchResult {
  readonly partitions: number;
  readonly comparisons: readonly Comparison[];
  readonly manyPartitions: number;
  readonly many: Runs;
}

/** How many runs are made when nothing has changed. They are short and easily disturbed, so their median is used. */
const REPEATS = 3;
const NO_DELAY: Delays = { write: 0, read: 0, record: 0 };
const OWN_TABLE = "strata-bench-table";

/**
 * Measures on an emulator of its own. A proxy makes each call take as long as it does on AWS.
 *
 * @throws Error when the two sides did not register the same partitions.
 */
export async function benchPartitions(options: PartitionBenchOptions): Promise<PartitionBenchResult> {
  const { tools, port, partitions, delays, log } = options;
  await mkdir(join(REPOSITORY, ".strata"), { recursive: true });
  const home = await mkdtemp(join(REPOSITORY, ".strata", "bench-"));
  try {
    const { endpoint } = await startEmulator({ home, tools, port, progress: log });
    const clients = await prepareLake(endpoint, partitions, log);
    const [strata, awswrangler] = await Promise.all([
      strataSide(home, OWN_TABLE),
      awswranglerSide(home, tools),
    ]);
    const comparisons: Comparison[] = [];
    const proxy = await startAwsProxy(endpoint, NO_DELAY, [refuseAsGlue]);
    try {
      for (const [name, own] of [
        ["delayed", delays],
        ["immediate", NO_DELAY],
      ] as const) {
        log(`${describeDelays(own)}: awswrangler`);
        const theirs = await runSide(awswrangler, proxy, clients.glue, `awswrangler_${name}`, own);
        log(`${describeDelays(own)}: strata`);
        const ours = await runSide(strata, proxy, clients.glue, `strata_${name}`, own);
        await assertSame(clients.glue, `awswrangler_${name}`, `strata_${name}`);
        comparisons.push({ delays: own, awswrangler: theirs, strata: ours });
      }
    } finally {
      proxy.close();
    }
    const many = await runMany(strata, endpoint, clients.glue, options);
    return { partitions, comparisons, manyPartitions: options.manyPartitions, many };
  } finally {
    await resetHome(home);
  }
}

/** A line such as `150 ms a write, 30 ms a read, 10 ms a call to our own table`. */
export function describeDelays({ write, read, record }: Delays): string {
  return `${String(write)} ms a write, ${String(read)} ms a read, ${String(record)} ms a call to our own table`;
}

async function prepareLake(endpoint: string, partitions: number, log: (line: string) => void) {
  const settings = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const glue = new GlueClient(settings);
  log(`Seeding ${String(partitions)} folders`);
  await Promise.all([
    seedObjects(s3, partitions, new Date()),
    createBenchDatabase(glue),
    createOwnTable(new DynamoDBClient(settings)),
  ]);
  return { glue };
}

/** Creates our own table, in which the sync stores its lease and its results, like the program does. */
async function createOwnTable(client: DynamoDBClient): Promise<void> {
  const keys = ["pk", "sk", "gsi1pk", "gsi1sk"];
  await client.send(
    new CreateTableCommand({
      TableName: OWN_TABLE,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "gsi1",
          KeySchema: [
            { AttributeName: "gsi1pk", KeyType: "HASH" },
            { AttributeName: "gsi1sk", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
}

async function runSide(
  side: Side,
  proxy: AwsProxy,
  glue: GlueClient,
  table: string,
  delays: Delays,
): Promise<Runs> {
  await createBenchTable(glue, table);
  const runOnce = async () => {
    proxy.reset(delays);
    const own = await side(proxy.endpoint, table);
    const measured = { ...own, emulatorMilliseconds: proxy.emulatorMilliseconds() };
    return { measured, calls: Object.fromEntries(proxy.counts) };
  };
  const first = await runOnce();
  const again = [];
  for (let run = 0; run < REPEATS; run++) again.push(await runOnce());
  again.sort((one, other) => one.measured.milliseconds - other.measured.milliseconds);
  const middle = again[Math.floor(REPEATS / 2)];
  if (middle === undefined) throw new Error("There were no runs.");
  const peakBytes = Math.max(...again.map(({ measured }) => measured.peakBytes));
  return {
    first: first.measured,
    again: { ...middle.measured, peakBytes },
    firstCalls: first.calls,
    againCalls: middle.calls,
  };
}

async function assertSame(glue: GlueClient, one: string, other: string): Promise<void> {
  const [theirs, ours] = await Promise.all([registered(glue, one), registered(glue, other)]);
  if (theirs.length > 0 && JSON.stringify(theirs) === JSON.stringify(ours)) return;
  throw new Error(
    `${one} has ${String(theirs.length)} partitions, ${other} ${String(ours.length)}; they should be the same.`,
  );
}

async function runMany(
  strata: Side,
  endpoint: string,
  glue: GlueClient,
  { manyPartitions, log }: PartitionBenchOptions,
): Promise<Runs> {
  log(`Measuring the memory for ${String(manyPartitions)} partitions`);
  const proxy = await startAwsProxy(endpoint, NO_DELAY, [
    refuseAsGlue,
    madeUpLake(manyPartitions, new Date()),
  ]);
  try {
    return await runSide(strata, proxy, glue, "strata_many", NO_DELAY);
  } finally {
    proxy.close();
  }
}
