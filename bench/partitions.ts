/** Partitions side by side: Strata's sync of a table, and awswrangler registering the same prefixes. */
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

export interface PartitionBenchOptions {
  readonly tools: Tools;
  /** Where an emulator of its own listens. */
  readonly port: number;
  readonly partitions: number;
  /** Partitions of the memory figure, whose lake is made up. */
  readonly manyPartitions: number;
  /** Milliseconds per call. */
  readonly delays: Delays;
  readonly log: (line: string) => void;
}

/** Of a run's time, the part in which the emulator was at work. */
interface AtWork {
  readonly emulatorMilliseconds: number;
}

/** A first run and the middle one of those when nothing changed, and how often each call was made in them. */
interface Runs {
  readonly first: Measured & AtWork;
  readonly again: Measured & AtWork;
  readonly firstCalls: Readonly<Record<string, number>>;
  readonly againCalls: Readonly<Record<string, number>>;
}

/** Both sides at the same delays. */
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

/** Runs when nothing changed, of which the middle one counts: they are so short that whatever else the machine does shows. */
const AGAIN = 3;
const NO_DELAY: Delays = { write: 0, read: 0, record: 0 };
const RECORDS = "strata-bench-records";

/**
 * Measures on an emulator of its own, through a loopback proxy that makes each call take as long as it does on AWS.
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
      strataSide(home, RECORDS),
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

/** A line such as `150 ms a write, 30 ms a read, 10 ms a record of ours`. */
export function describeDelays({ write, read, record }: Delays): string {
  return `${String(write)} ms a write, ${String(read)} ms a read, ${String(record)} ms a record of ours`;
}

async function prepareLake(endpoint: string, partitions: number, log: (line: string) => void) {
  const settings = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const glue = new GlueClient(settings);
  log(`Seeding ${String(partitions)} prefixes`);
  await Promise.all([
    seedObjects(s3, partitions, new Date()),
    createBenchDatabase(glue),
    createRecords(new DynamoDBClient(settings)),
  ]);
  return { glue };
}

/** The table that the sync keeps its lease and its results in, as the program makes it. */
async function createRecords(client: DynamoDBClient): Promise<void> {
  const keys = ["pk", "sk", "gsi1pk", "gsi1sk"];
  await client.send(
    new CreateTableCommand({
      TableName: RECORDS,
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
  for (let run = 0; run < AGAIN; run++) again.push(await runOnce());
  again.sort((one, other) => one.measured.milliseconds - other.measured.milliseconds);
  const middle = again[Math.floor(AGAIN / 2)];
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
  log(`${String(manyPartitions)} partitions of a lake that is made up, for the memory they take`);
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
