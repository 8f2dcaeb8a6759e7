import pLimit from "p-limit";
import {
  AlreadyExistsException,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  EntityNotFoundException,
} from "@aws-sdk/client-glue";
import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  paginateListObjectsV2,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { Progress } from "../../local/tools/tools";
import type { Connection } from "../platform/connection";
import { EXAMPLE_BUCKET, type ExampleTable, exampleTables } from "./example-tables";

/** How many objects are put at the same time; the emulator accepts no more. */
const MAX_PUTS = 8;

/** Puts a small lake of raw data on the platform of this machine. Whatever already exists stays as it is. */
export async function seedExampleLake(connection: Connection, progress: Progress): Promise<void> {
  const tables = exampleTables(new Date());
  await Promise.all([putObjects(connection, tables), createTables(connection, tables)]);
  // This is last, so that only objects that are added later cause events. The survey finds the others.
  await connection.s3().send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: EXAMPLE_BUCKET,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
  const databases = new Set(tables.map(({ database }) => database));
  progress(`Lake: ${tables.length} tables in ${databases.size} databases, objects in s3://${EXAMPLE_BUCKET}`);
}

/** Deletes the lake, if there is one. */
export async function removeExampleLake(connection: Connection): Promise<void> {
  const glue = connection.glue();
  const databases = new Set(exampleTables(new Date()).map(({ database }) => database));
  for (const Name of databases) {
    await glue.send(new DeleteDatabaseCommand({ Name })).catch(unless(EntityNotFoundException));
  }
  const s3 = connection.s3();
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: EXAMPLE_BUCKET })) {
      const Objects = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
      if (Objects.length === 0) continue;
      await s3.send(new DeleteObjectsCommand({ Bucket: EXAMPLE_BUCKET, Delete: { Objects } }));
    }
    await s3.send(new DeleteBucketCommand({ Bucket: EXAMPLE_BUCKET }));
  } catch (error) {
    if ((error as Error).name !== "NoSuchBucket") throw error;
  }
}

async function putObjects(connection: Connection, tables: readonly ExampleTable[]): Promise<void> {
  const s3 = connection.s3();
  await s3.send(new CreateBucketCommand({ Bucket: EXAMPLE_BUCKET })).catch(unless(BucketAlreadyOwnedByYou));
  const existing = new Set<string>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: EXAMPLE_BUCKET })) {
    for (const { Key = "" } of Contents) existing.add(Key);
  }
  const limit = pLimit(MAX_PUTS);
  const missing = tables.flatMap(keysOf).filter((key) => !existing.has(key));
  await Promise.all(
    missing.map((Key) =>
      limit(() => s3.send(new PutObjectCommand({ Bucket: EXAMPLE_BUCKET, Key, Body: '{"id":1}\n' }))),
    ),
  );
}

function keysOf({ prefix, recent, old, junk }: ExampleTable): string[] {
  const folders = [...recent.keys(), ...old.keys()];
  return [...folders.map((folder) => `${folder}part-0.json`), ...junk].map((key) => prefix + key);
}

async function createTables(connection: Connection, tables: readonly ExampleTable[]): Promise<void> {
  const glue = connection.glue();
  for (const Name of new Set(tables.map(({ database }) => database))) {
    await glue
      .send(new CreateDatabaseCommand({ DatabaseInput: { Name } }))
      .catch(unless(AlreadyExistsException));
  }
  await Promise.all(
    tables.map((table) =>
      glue
        .send(new CreateTableCommand({ DatabaseName: table.database, TableInput: tableInput(table) }))
        .catch(unless(AlreadyExistsException)),
    ),
  );
}

/** A table of JSON lines, as Glue takes it. */
export function tableInput({ table, prefix, keys, parameters }: ExampleTable) {
  return {
    Name: table,
    TableType: "EXTERNAL_TABLE",
    Parameters: { classification: "json", ...parameters },
    PartitionKeys: [...keys],
    StorageDescriptor: {
      Columns: [{ Name: "id", Type: "bigint" }],
      Location: `s3://${EXAMPLE_BUCKET}/${prefix}`,
      InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      SerdeInfo: { SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
    },
  };
}

/** Ignores an error that only says that there is nothing to do. */
function unless(harmless: new (...args: never[]) => Error): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof harmless) return undefined;
    throw error;
  };
}
