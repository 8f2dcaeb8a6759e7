import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { openCatalogStore, type CatalogStore } from "../catalog";
import { clientDefaults, s3Defaults } from "../shared/clients";
import { openTable } from "../shared/table/open-table";
import { openLayerVersionStore, type LayerVersionStore } from "./publish/layer-version-store";
import type { LayerStore } from "./layer-store";
import { openArtifactStore, type ArtifactStore } from "./artifact-store";
import { openLayerStore } from "./table-layer-store";

/** The clients that the factory's functions are built from, made from names in the environment. */

export const now = (): Date => new Date();

/** The store in the table of that name. */
export function layerStoreIn(tableName: string): LayerStore {
  return openLayerStore(openTable(new DynamoDBClient(clientDefaults), tableName), now);
}

/** The catalog in the table of that name. */
export function catalogIn(tableName: string): CatalogStore {
  return openCatalogStore(openTable(new DynamoDBClient(clientDefaults), tableName));
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

/** The layers of a region. */
export function layerVersionStoreIn(region: string): LayerVersionStore {
  return openLayerVersionStore(new LambdaClient({ ...clientDefaults, region }));
}
