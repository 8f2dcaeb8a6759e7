import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import { clientDefaults, s3Defaults } from "../shared/clients";
import type { Log } from "../shared/log";
import { openLeases } from "../shared/table/lease";
import { openTable, type Table } from "../shared/table/open-table";
import { openGlueTable } from "./glue/glue-table";
import type { Sources } from "./glue/read-table";
import { MAX_WRITES, Throttle } from "./glue/throttle";
import { openFolders } from "./lake/folders";
import { measureResult } from "./metrics";
import type { SyncPorts } from "./sync";
import { openPartitionStore } from "./table/partition-store";

export const now = (): Date => new Date();

/** In `adaptive` mode the SDK slows down all calls of a client as soon as AWS throttles one. */
const retries = { retryMode: "adaptive" } as const;

/** The Glue client of the partition manager's functions. */
export function glueClient(): GlueClient {
  return new GlueClient({ ...clientDefaults, ...retries });
}

/** Opens our own table. */
export function ownTable(tableName: string): Table {
  return openTable(new DynamoDBClient(clientDefaults), tableName);
}

/** Opens the Data Catalog and the buckets of its tables. `calls` counts the requests to them. */
export function openSources(
  catalogId: string,
  environment: NodeJS.ProcessEnv,
): { readonly sources: Sources; readonly calls: () => number } {
  const glue = glueClient();
  // The bucket of a table may be in another region than its catalog.
  const s3 = new S3Client({ ...s3Defaults(environment), ...retries, followRegionRedirects: true });
  // For its log, which we do not use, the SDK copies every answer. That takes as long as comparing the partitions.
  for (const client of [glue, s3]) client.middlewareStack.remove("loggerMiddleware");
  const sources: Sources = {
    catalogId,
    table: ({ database, table }) => openGlueTable(glue, { catalogId, database, table }),
    folders: (bucket) => openFolders(s3, bucket),
  };
  return { sources, calls: countCalls(glue, s3) };
}

/** Counts the requests of the clients, including each retry. The answer is the number so far. */
export function countCalls(glue: GlueClient, s3: S3Client): () => number {
  let calls = 0;
  const options = { step: "deserialize", name: "count-calls", priority: "low" } as const;
  glue.middlewareStack.add(
    (next) => (request) => {
      calls++;
      return next(request);
    },
    options,
  );
  s3.middlewareStack.add(
    (next) => (request) => {
      calls++;
      return next(request);
    },
    options,
  );
  return () => calls;
}

/** The environment variables of the functions that change partitions. */
interface SyncEnvironment {
  readonly TABLE_NAME: string;
  readonly STAGE: string;
  readonly GLUE_CATALOG_ID: string;
}

/** Opens everything that is needed to sync a table. */
export function openSyncPorts(
  { TABLE_NAME, STAGE, GLUE_CATALOG_ID }: SyncEnvironment,
  environment: NodeJS.ProcessEnv,
  log: Log,
): SyncPorts {
  const table = ownTable(TABLE_NAME);
  return {
    ...openSources(GLUE_CATALOG_ID, environment),
    leases: openLeases(table, now),
    store: openPartitionStore(table, now),
    measure: (result) => {
      measureResult(STAGE, result);
    },
    throttle: () => new Throttle(MAX_WRITES),
    ...{ log, now },
  };
}
