import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** The stage's one table, as ElectroDB's entities take it. Each service declares its own entities over it. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  /** The table's name. */
  readonly table: string;
}

/** The table of that name; `client` decides where it is. */
export function openTable(client: DynamoDBClient, table: string): Table {
  return {
    client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    table,
  };
}

/** Epoch seconds after which the table's time to live removes a row. */
export const expires = { type: "number", required: true } as const;

/** Makes each thing when it is first used. An entity takes about 10 ms to check its schema, and a function needs only a few. */
export function lazily<Things extends object>(makers: {
  readonly [Name in keyof Things]: () => Things[Name];
}): Things {
  const things = {} as Things;
  for (const name of Object.keys(makers) as (keyof Things)[]) {
    let made: Things[typeof name] | undefined;
    Object.defineProperty(things, name, { enumerable: true, get: () => (made ??= makers[name]()) });
  }
  return things;
}
