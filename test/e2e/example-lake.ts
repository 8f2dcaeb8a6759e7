import { GetPartitionsCommand, type GlueClient, type Partition } from "@aws-sdk/client-glue";
import type { SyncResult } from "../../runtime/partitions/table/entities";
import { EXAMPLE_BUCKET, type ExampleTable, exampleTables } from "../../tasks/partitions/example-tables";
import type { TestPlatform } from "./running-platform";

type Named = Pick<ExampleTable, "database" | "table">;

/** The example lake on the platform of the tests: the partitions that Glue has, and those that it should have. */
export function exampleLake(platform: () => TestPlatform) {
  const glue = (): GlueClient => platform().connection().glue();
  const tables = exampleTables(new Date());
  const partitions = async ({ database, table }: Named): Promise<Partition[]> => {
    const request = { DatabaseName: database, TableName: table };
    return (await glue().send(new GetPartitionsCommand(request))).Partitions ?? [];
  };
  return {
    glue,
    tables,
    named: (name: string): ExampleTable => {
      const found = tables.find(({ table }) => table === name);
      if (found === undefined) throw new Error(`there is no example table ${name}`);
      return found;
    },
    /** The location of each partition, by its values, such as `2026/11/21`. */
    registered: async (table: Named): Promise<ReadonlyMap<string, string | undefined>> =>
      new Map(
        (await partitions(table)).map(({ Values = [], StorageDescriptor }) => [
          Values.join("/"),
          StorageDescriptor?.Location,
        ]),
      ),
    expected: ({ prefix, recent, old }: ExampleTable, which: "recent" | "all") =>
      new Map(
        [...recent, ...(which === "all" ? old : [])].map(([folder, values]) => [
          values.join("/"),
          `s3://${EXAMPLE_BUCKET}/${prefix}${folder}`,
        ]),
      ),
    /** All partitions of all tables, as Glue has them. */
    everything: () => Promise.all(tables.map(partitions)),
    sync: async (args: readonly string[], code = 0): Promise<readonly SyncResult[]> => {
      const ran = await platform().json<{ readonly results: readonly SyncResult[] }>(
        ["partitions", "sync", ...args],
        { code },
      );
      return ran.results;
    },
  };
}

/** The result of the table with this name. */
export function resultOf(results: readonly SyncResult[], name: string): SyncResult | undefined {
  return results.find(({ table }) => table === name);
}
