import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { tableDefinition } from "../../../runtime/contracts/table";
import { suiteEmulator } from "../../local/home";

/**
 * An emulator for the suite. The environment makes SDK clients use it; a test may set more variables. Call it at the top of
 * `describe`.
 */
export function emulatorForSuite(variables: Readonly<Record<string, string>> = {}): void {
  const saved = { ...process.env };
  const emulator = suiteEmulator();

  before(() => {
    Object.assign(process.env, {
      ...{ AWS_ENDPOINT_URL: emulator().endpoint, AWS_REGION: "us-east-1" },
      ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", ...variables },
    });
  });

  after(() => {
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  });
}

/** Creates the table with its keys and indexes. */
export async function createTable(name: string): Promise<void> {
  const keys = ({ partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey: string }) => [
    { AttributeName: partitionKey, KeyType: "HASH" as const },
    { AttributeName: sortKey, KeyType: "RANGE" as const },
  ];
  await new DynamoDBClient().send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: tableDefinition.attributes.map(({ name: attribute, type }) => {
        return { AttributeName: attribute, AttributeType: type };
      }),
      KeySchema: keys(tableDefinition),
      GlobalSecondaryIndexes: tableDefinition.indexes.map((index) => {
        return {
          IndexName: index.name,
          KeySchema: keys(index),
          Projection: { ProjectionType: "ALL" as const },
        };
      }),
    }),
  );
}
