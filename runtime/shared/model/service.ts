import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Entity, Service } from "electrodb";
import { buildSchema, targetStateSchema } from "./builds";
import {
  catalogPackageSchema,
  catalogRefusalSchema,
  catalogRegionSchema,
  catalogStateSchema,
} from "./catalog";
import { layerSchema } from "./layers";
import { partitionRunSchema, partitionTableSchema } from "./partitions";
import { leaseSchema } from "./lease";
import { packageNameSchema, packageSchema } from "./packages";
import { outcomeSchema, publicationSchema, runSchema } from "./runs";

/** The entities over the table named `table`; `client` decides where that table is. */
export function openTable(client: DynamoDBClient, table: string) {
  const options = {
    client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    table,
  };
  return new Service(
    {
      catalogState: new Entity(catalogStateSchema, options),
      catalogPackage: new Entity(catalogPackageSchema, options),
      catalogRegion: new Entity(catalogRegionSchema, options),
      catalogRefusal: new Entity(catalogRefusalSchema, options),
      build: new Entity(buildSchema, options),
      targetState: new Entity(targetStateSchema, options),
      layer: new Entity(layerSchema, options),
      run: new Entity(runSchema, options),
      outcome: new Entity(outcomeSchema, options),
      publication: new Entity(publicationSchema, options),
      partitionTable: new Entity(partitionTableSchema, options),
      partitionRun: new Entity(partitionRunSchema, options),
      lease: new Entity(leaseSchema, options),
      package: new Entity(packageSchema, options),
      packageName: new Entity(packageNameSchema, options),
    },
    options,
  );
}

export type TableService = ReturnType<typeof openTable>;
