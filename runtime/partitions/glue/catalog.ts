import { paginateGetDatabases, paginateGetTables, type GlueClient } from "@aws-sdk/client-glue";

/** A table as the survey sees it. */
export interface ListedTable {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The Data Catalog, page by page. */
export interface Catalog {
  /** Account whose catalog it is; empty for our own. */
  readonly id: string;
  databases(): AsyncIterable<string>;
  tables(database: string): AsyncIterable<ListedTable>;
}

/** The catalog over Glue. */
export function openCatalog(client: GlueClient, id: string): Catalog {
  const catalog = id === "" ? {} : { CatalogId: id };
  return {
    id,
    databases: async function* () {
      // The paginator writes its token into what it is given, so it is given a copy.
      for await (const { DatabaseList = [] } of paginateGetDatabases({ client }, { ...catalog })) {
        // A link to a shared database has the tables of its target, which its owner looks after.
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
