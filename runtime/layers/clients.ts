import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { clientDefaults, s3Defaults } from "../shared/clients";
import { openTable, type Table } from "../shared/table/open-table";
import { openArtifactStore, type ArtifactStore } from "./artifact-store";
import type { LayerStore } from "./layer-store";
import { openLayerStore } from "./table-layer-store";

/** What several entries open over clients of their own, by the names in their environment. */

export const now = (): Date => new Date();

/** The table of that name. */
export function tableIn(tableName: string): Table {
  return openTable(new DynamoDBClient(clientDefaults), tableName);
}

/** The store in the table of that name. */
export function layerStoreIn(tableName: string): LayerStore {
  return openLayerStore(tableIn(tableName), now);
}

/** A bucket; without a region, one of the function's own. */
export function artifactStoreIn(
  bucket: string,
  environment: NodeJS.ProcessEnv,
  region?: string,
): ArtifactStore {
  // Without WHEN_REQUIRED the SDK signs the checksum of an empty body into an upload's URL.
  const options = { ...s3Defaults(environment), requestChecksumCalculation: "WHEN_REQUIRED" } as const;
  return openArtifactStore(new S3Client({ ...options, ...(region === undefined ? {} : { region }) }), bucket);
}
