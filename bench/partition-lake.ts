/** The lake whose partitions both sides of the benchmark register: folders `region=<n>/day=<date>/` with one object each. */
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  type GlueClient,
  paginateGetPartitions,
} from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import pLimit from "p-limit";

export const BUCKET = "strata-bench-lake";
export const DATABASE = "bench_raw";
const PREFIX = "events/";
export const LOCATION = `s3://${BUCKET}/${PREFIX}`;

/** Days in each region: as many folders as a page of S3 has. */
const DAYS = 1000;
const DAY = 24 * 60 * 60 * 1000;
/** How many objects are put at the same time; the emulator accepts no more. */
const MAX_PUTS = 16;

/** The table has as many columns as a table of raw data. */
const COLUMNS = Array.from({ length: 20 }, (_, column) => ({
  Name: `column_${String(column)}`,
  Type: "string",
}));

const PARQUET = "org.apache.hadoop.hive.ql.io.parquet";

/** The regions of a lake with this number of partitions. Each has a thousand days. */
export function regionsFor(partitions: number): string[] {
  return Array.from({ length: Math.ceil(partitions / DAYS) }, (_, region) => `r${String(region)}`);
}

/** The last thousand days as ISO dates, oldest first. */
export function benchDays(now: Date): string[] {
  return Array.from({ length: DAYS }, (_, back) =>
    new Date(now.getTime() - (DAYS - 1 - back) * DAY).toISOString().slice(0, 10),
  );
}

/** Puts an object into each of the lake's folders. */
export async function seedObjects(client: S3Client, partitions: number, now: Date): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const limit = pLimit(MAX_PUTS);
  const keys = regionsFor(partitions)
    .flatMap((region) => benchDays(now).map((day) => `${PREFIX}region=${region}/day=${day}/part-0.parquet`))
    .slice(0, partitions);
  await Promise.all(
    keys.map((Key) => limit(() => client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "x" })))),
  );
}

export async function createBenchDatabase(client: GlueClient): Promise<void> {
  await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE } }));
}

/** Creates a table at the lake, without partitions. */
export async function createBenchTable(client: GlueClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      DatabaseName: DATABASE,
      TableInput: {
        Name: name,
        TableType: "EXTERNAL_TABLE",
        Parameters: { classification: "parquet" },
        PartitionKeys: [
          { Name: "region", Type: "string" },
          { Name: "day", Type: "date" },
        ],
        StorageDescriptor: {
          Columns: COLUMNS,
          Location: LOCATION,
          InputFormat: `${PARQUET}.MapredParquetInputFormat`,
          OutputFormat: `${PARQUET}.MapredParquetOutputFormat`,
          SerdeInfo: { SerializationLibrary: `${PARQUET}.serde.ParquetHiveSerDe` },
        },
      },
    }),
  );
}

/** Each partition of a table as `values location`, sorted. Locations are compared without their last slash. */
export async function registered(client: GlueClient, table: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { Partitions = [] } of paginateGetPartitions(
    { client },
    { DatabaseName: DATABASE, TableName: table, ExcludeColumnSchema: true },
  )) {
    for (const { Values = [], StorageDescriptor } of Partitions)
      lines.push(`${Values.join("/")} ${(StorageDescriptor?.Location ?? "").replace(/\/$/, "")}`);
  }
  return lines.sort();
}
