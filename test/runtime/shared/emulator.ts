import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { startEmulator, stopEmulator } from "../../../local/emulator/emulator";
import { ensureTools } from "../../../local/tools/tools";
import { tableDefinition } from "../../../runtime/contracts/table";
import { freePort, removeHome, temporaryHome } from "../../local/home";

/**
 * An emulator for the suite. The environment makes SDK clients use it; a test may set more variables. Call it at the top of
 * `describe`.
 */
export function emulatorForSuite(variables: Readonly<Record<string, string>> = {}): void {
  const saved = { ...process.env };
  let home: string;

  before(async function () {
    this.timeout(10 * 60_000);
    home = await temporaryHome();
    const { endpoint } = await startEmulator({ home, tools: await ensureTools(), port: await freePort() });
    Object.assign(process.env, {
      ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: "us-east-1" },
      ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", ...variables },
    });
  });

  after(async () => {
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
    await stopEmulator(home);
    await removeHome(home);
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
