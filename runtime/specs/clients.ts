import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { clientDefaults, s3Defaults } from "../shared/clients";
import { openTable, type Table } from "../shared/table/open-table";
import { openPackageBucket, type PackageBucket } from "./bucket";

/** The clients that the functions around packages are built from, made from names in the environment. */

/** The table of that name. */
export function tableIn(name: string): Table {
  return openTable(new DynamoDBClient(clientDefaults), name);
}

/** The bucket of specs and packages. */
export function bucketIn(name: string, environment: NodeJS.ProcessEnv): PackageBucket {
  return openPackageBucket(new S3Client(s3Defaults(environment)), name);
}
