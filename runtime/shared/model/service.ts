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
  const entities = lazily({
    catalogState: () => new Entity(catalogStateSchema, options),
    catalogPackage: () => new Entity(catalogPackageSchema, options),
    catalogRegion: () => new Entity(catalogRegionSchema, options),
    catalogRefusal: () => new Entity(catalogRefusalSchema, options),
    build: () => new Entity(buildSchema, options),
    targetState: () => new Entity(targetStateSchema, options),
    layer: () => new Entity(layerSchema, options),
    run: () => new Entity(runSchema, options),
    outcome: () => new Entity(outcomeSchema, options),
    publication: () => new Entity(publicationSchema, options),
    partitionTable: () => new Entity(partitionTableSchema, options),
    partitionRun: () => new Entity(partitionRunSchema, options),
    lease: () => new Entity(leaseSchema, options),
    package: () => new Entity(packageSchema, options),
    packageName: () => new Entity(packageNameSchema, options),
  });
  const joined = lazily({ service: () => new Service({ ...entities }, options) });
  return {
    entities,
    /** Only who writes several entities at once needs all of them joined. */
    get transaction() {
      return joined.service.transaction;
    },
  };
}

export type TableService = ReturnType<typeof openTable>;

/** Makes each thing once it is asked for: an entity takes some 10 ms to check its schema, and a function needs a few of them. */
function lazily<Things extends object>(makers: {
  readonly [Name in keyof Things]: () => Things[Name];
}): Things {
  const things = {} as Things;
  for (const name of Object.keys(makers) as (keyof Things)[]) {
    let made: Things[typeof name] | undefined;
    Object.defineProperty(things, name, { enumerable: true, get: () => (made ??= makers[name]()) });
  }
  return things;
}
