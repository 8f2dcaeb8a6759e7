import { type GlueClient, paginateGetDatabases, paginateGetTables } from "@aws-sdk/client-glue";

/** A table as the survey sees it. */
interface ListedTable {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A Glue Data Catalog: its databases and their tables, page by page. */
export interface DataCatalog {
  /** The account that owns the catalog; empty for our own account. */
  readonly id: string;
  databases(): AsyncIterable<string>;
  tables(database: string): AsyncIterable<ListedTable>;
}

/** Opens the Data Catalog of an account. */
export function openDataCatalog(client: GlueClient, id: string): DataCatalog {
  const catalog = id === "" ? {} : { CatalogId: id };
  return {
    id,
    databases: async function* () {
      // The paginator writes its token into its input, so it gets a copy.
      for await (const { DatabaseList = [] } of paginateGetDatabases({ client }, { ...catalog })) {
        // A link to a shared database shows the tables of its target. The owner of the target looks after them.
        for (const { Name, TargetDatabase } of DatabaseList) {
          if (Name !== undefined && TargetDatabase === undefined) yield Name;
        }
      }
    },
    tables: async function* (database) {
      for await (const { TableList = [] } of paginateGetTables(
        { client },
        { ...catalog, DatabaseName: database },
      )) {
        for (const { Name, Parameters = {} } of TableList) {
          if (Name !== undefined) yield { name: Name, parameters: Parameters };
        }
      }
    },
  };
}
