import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  CreatePartitionIndexCommand,
  GetPartitionIndexesCommand,
  GetPartitionsCommand,
  GetTableCommand,
  UpdateTableCommand,
  type ErrorDetail,
  type GlueClient,
  type PartitionInput,
  type Segment,
  type Table,
} from "@aws-sdk/client-glue";
import { READS_PER_CALL } from "./limits";
import type { EntryError } from "./write-batches";

/** A partition to be written; `values` name the one there is. */
export interface PartitionWrite {
  readonly values: readonly string[];
  readonly input: PartitionInput;
}

/** Which partitions to read a page of. */
export interface PartitionQuery {
  readonly expression?: string | undefined;
  /** Whether to get each partition's columns too, which is most of its bytes. */
  readonly columns: boolean;
  readonly segment?: Segment | undefined;
  readonly token?: string | undefined;
}

/** A table in a catalog, by name. `catalogId` is an account's number, empty for our own. */
export interface TableName {
  readonly catalogId: string;
  readonly database: string;
  readonly table: string;
}

/** An index over partition keys. */
export interface PartitionIndex {
  readonly keys: readonly string[];
  /** Such as `ACTIVE` or `CREATING`. */
  readonly status: string;
}

/** One table of Glue's: each method is one call, and throws what the SDK throws. */
export type GlueTable = ReturnType<typeof openGlueTable>;

/** The table of that name over Glue. */
export function openGlueTable(client: GlueClient, { catalogId, database, table }: TableName) {
  const catalog = catalogId === "" ? {} : { CatalogId: catalogId };
  const at = { ...catalog, DatabaseName: database, TableName: table };
  return {
    read: async (): Promise<Table | undefined> => {
      try {
        const command = new GetTableCommand({ ...catalog, DatabaseName: database, Name: table });
        return (await client.send(command)).Table;
      } catch (error) {
        if (error instanceof Error && error.name === "EntityNotFoundException") return undefined;
        throw error;
      }
    },
    page: async ({ expression, columns, segment, token }: PartitionQuery) => {
      const { Partitions = [], NextToken } = await client.send(
        new GetPartitionsCommand({
          ...at,
          Expression: expression,
          ExcludeColumnSchema: !columns,
          Segment: segment,
          NextToken: token,
          MaxResults: READS_PER_CALL,
        }),
      );
      return { partitions: Partitions, next: NextToken };
    },
    /** At most 1,000; those that there are, and the values that Glue did not come to. */
    some: async (list: readonly (readonly string[])[]) => {
      const PartitionsToGet = list.map((values) => ({ Values: [...values] }));
      const { Partitions = [], UnprocessedKeys = [] } = await client.send(
        new BatchGetPartitionCommand({ ...at, PartitionsToGet }),
      );
      return { partitions: Partitions, left: UnprocessedKeys.map(({ Values = [] }) => Values) };
    },
    create: async (entries: readonly PartitionWrite[]): Promise<readonly EntryError[]> => {
      const PartitionInputList = entries.map(({ input }) => input);
      const { Errors = [] } = await client.send(
        new BatchCreatePartitionCommand({ ...at, PartitionInputList }),
      );
      return Errors.map(({ PartitionValues, ErrorDetail }) => entryError(PartitionValues, ErrorDetail));
    },
    update: async (entries: readonly PartitionWrite[]): Promise<readonly EntryError[]> => {
      const Entries = entries.map(({ values, input }) => ({
        PartitionValueList: [...values],
        PartitionInput: input,
      }));
      const { Errors = [] } = await client.send(new BatchUpdatePartitionCommand({ ...at, Entries }));
      return Errors.map(({ PartitionValueList, ErrorDetail }) => entryError(PartitionValueList, ErrorDetail));
    },
    remove: async (
      entries: readonly { readonly values: readonly string[] }[],
    ): Promise<readonly EntryError[]> => {
      const PartitionsToDelete = entries.map(({ values }) => ({ Values: [...values] }));
      const { Errors = [] } = await client.send(
        new BatchDeletePartitionCommand({ ...at, PartitionsToDelete }),
      );
      return Errors.map(({ PartitionValues, ErrorDetail }) => entryError(PartitionValues, ErrorDetail));
    },
    indexes: async (): Promise<readonly PartitionIndex[]> => {
      const found: PartitionIndex[] = [];
      let token: string | undefined;
      do {
        const { PartitionIndexDescriptorList = [], NextToken } = await client.send(
          new GetPartitionIndexesCommand({ ...at, NextToken: token }),
        );
        for (const { Keys = [], IndexStatus = "ACTIVE" } of PartitionIndexDescriptorList) {
          found.push({ keys: Keys.map(({ Name = "" }) => Name), status: IndexStatus });
        }
        token = NextToken;
      } while (token !== undefined);
      return found;
    },
    createIndex: async (keys: readonly string[]): Promise<void> => {
      const PartitionIndex = { IndexName: keys.join("-"), Keys: [...keys] };
      await client.send(new CreatePartitionIndexCommand({ ...at, PartitionIndex }));
    },
    /** Adds parameters to the table as it was read; Glue refuses it if the table was changed since. */
    addParameters: async (read: Table, parameters: Readonly<Record<string, string>>): Promise<void> => {
      await client.send(
        new UpdateTableCommand({
          ...catalog,
          DatabaseName: database,
          TableInput: { ...inputOf(read), Parameters: { ...read.Parameters, ...parameters } },
          ...(read.VersionId === undefined ? {} : { VersionId: read.VersionId }),
        }),
      );
    },
  };
}

/** What of a table may be written: UpdateTable replaces all of it and refuses what only Glue sets. */
function inputOf(table: Table) {
  const { Name, Description, Owner, LastAccessTime, LastAnalyzedTime, Retention, StorageDescriptor } = table;
  const { PartitionKeys, ViewOriginalText, ViewExpandedText, TableType, TargetTable } = table;
  return {
    ...{ Name, Description, Owner, LastAccessTime, LastAnalyzedTime, Retention, StorageDescriptor },
    ...{ PartitionKeys, ViewOriginalText, ViewExpandedText, TableType, TargetTable },
  };
}

function entryError(
  values: readonly string[] = [],
  { ErrorCode = "Unknown", ErrorMessage = "" }: ErrorDetail = {},
): EntryError {
  return { values, code: ErrorCode, message: ErrorMessage };
}
