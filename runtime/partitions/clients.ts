import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import { clientDefaults, s3Defaults } from "../shared/clients";
import { openLeases } from "../shared/table/lease";
import type { Log } from "../shared/log";
import { openTable as openService, type Table } from "../shared/table/open-table";
import { countCalls } from "./calls";
import { openFolders } from "./lake/folders";
import { openGlueTable } from "./glue/glue-table";
import { measureResult } from "./metrics";
import type { Sources } from "./opened-table";
import { Pace, WRITES_AT_ONCE } from "./glue/throttle";
import { openRecords } from "./table/partition-store";
import type { SyncPorts } from "./sync";

export const now = (): Date => new Date();

/** With `adaptive` the SDK slows all calls of a client down as soon as one is throttled. */
const retries = { retryMode: "adaptive" } as const;

/** Glue, as the functions of the partition manager call it. */
export function glueClient(): GlueClient {
  return new GlueClient({ ...clientDefaults, ...retries });
}

/** The table of that name, with its entities. */
export function serviceIn(tableName: string): Table {
  return openService(new DynamoDBClient(clientDefaults), tableName);
}

/** The catalog's tables and the buckets that they lie in, and a count of all that is asked of them. */
export function openSources(
  catalogId: string,
  environment: NodeJS.ProcessEnv,
): { readonly sources: Sources; readonly calls: () => number } {
  const glue = glueClient();
  // A table's bucket may be in another region than its catalog.
  const s3 = new S3Client({ ...s3Defaults(environment), ...retries, followRegionRedirects: true });
  // The SDK copies every answer for a log that nobody keeps, which takes as long as comparing the partitions does.
  for (const client of [glue, s3]) client.middlewareStack.remove("loggerMiddleware");
  const sources: Sources = {
    catalogId,
    table: (database, table) => openGlueTable(glue, { catalogId, database, table }),
    folders: (bucket) => openFolders(s3, bucket),
  };
  return { sources, calls: countCalls(glue, s3) };
}

/** Variables of the functions that bring tables in line with S3. */
interface WriterSettings {
  readonly TABLE_NAME: string;
  readonly STAGE: string;
  readonly GLUE_CATALOG_ID: string;
}

/** All that bringing a table's partitions in line with S3 takes. */
export function openWriter(
  { TABLE_NAME, STAGE, GLUE_CATALOG_ID }: WriterSettings,
  environment: NodeJS.ProcessEnv,
  log: Log,
): SyncPorts {
  const service = serviceIn(TABLE_NAME);
  return {
    ...openSources(GLUE_CATALOG_ID, environment),
    leases: openLeases(service, now),
    records: openRecords(service, now),
    measure: (result) => {
      measureResult(STAGE, result);
    },
    pace: () => new Pace(WRITES_AT_ONCE),
    ...{ log, now },
  };
}
