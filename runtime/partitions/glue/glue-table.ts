import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  CreatePartitionIndexCommand,
  type ErrorDetail,
  GetPartitionIndexesCommand,
  GetPartitionsCommand,
  GetTableCommand,
  type GlueClient,
  type PartitionInput,
  type Segment,
  type Table,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import type { EntryError } from "./glue-errors";

/**
 * How many entries one call to Glue accepts. Source: AWS Glue API reference, BatchCreatePartition, BatchUpdatePartition,
 * BatchDeletePartition and BatchGetPartition.
 */
export const CREATES_PER_CALL = 100;
export const UPDATES_PER_CALL = 100;
export const DELETES_PER_CALL = 25;
export const READS_PER_CALL = 1_000;

/** Divides items into batches of at most `size`, in order. */
export function inBatches<T>(items: Iterable<T>, size: number): T[][] {
  const batches: T[][] = [];
  for (const item of items) {
    const last = batches.at(-1);
    if (last === undefined || last.length === size) batches.push([item]);
    else last.push(item);
  }
  return batches;
}

/** A partition to be written. `values` identify the existing partition in an update. */
interface PartitionWrite {
  readonly values: readonly string[];
  readonly input: PartitionInput;
}

/** Which page of partitions to read. */
export interface PartitionQuery {
  readonly expression?: string | undefined;
  /** Whether to read each partition's columns too. They are most of the bytes. */
  readonly columns: boolean;
  readonly segment?: Segment | undefined;
  readonly token?: string | undefined;
}

/** The names of a table. `catalogId` is the account that owns the catalog; empty for our own account. */
interface GlueTableName {
  readonly catalogId: string;
  readonly database: string;
  readonly table: string;
}

/** An index over partition keys. */
interface PartitionIndex {
  readonly keys: readonly string[];
  /** Such as `ACTIVE` or `CREATING`. */
  readonly status: string;
}

/** One table of Glue. Each method is one kind of call, and throws what the SDK throws. */
export type GlueTable = ReturnType<typeof openGlueTable>;

/** Opens the table with these names. It makes no call. */
export function openGlueTable(client: GlueClient, { catalogId, database, table }: GlueTableName) {
  const catalog = catalogId === "" ? {} : { CatalogId: catalogId };
  const names = { ...catalog, DatabaseName: database, TableName: table };
  return {
    /** The table's definition; undefined if there is no such table. */
    definition: async (): Promise<Table | undefined> => {
      try {
        const command = new GetTableCommand({ ...catalog, DatabaseName: database, Name: table });
        return (await client.send(command)).Table;
      } catch (error) {
        if (error instanceof Error && error.name === "EntityNotFoundException") return undefined;
        throw error;
      }
    },
    /** A page of the table's partitions. */
    page: async ({ expression, columns, segment, token }: PartitionQuery) => {
      const { Partitions = [], NextToken } = await client.send(
        new GetPartitionsCommand({
          ...names,
          Expression: expression,
          ExcludeColumnSchema: !columns,
          Segment: segment,
          NextToken: token,
          MaxResults: READS_PER_CALL,
        }),
      );
      return { partitions: Partitions, next: NextToken };
    },
    /** Partitions by their values, at most 1,000. `unprocessed` are the values that Glue did not get to. */
    partitions: async (list: readonly (readonly string[])[]) => {
      const PartitionsToGet = list.map((values) => ({ Values: [...values] }));
      const { Partitions = [], UnprocessedKeys = [] } = await client.send(
        new BatchGetPartitionCommand({ ...names, PartitionsToGet }),
      );
      return { partitions: Partitions, unprocessed: UnprocessedKeys.map(({ Values = [] }) => Values) };
    },
    create: async (entries: readonly PartitionWrite[]): Promise<readonly EntryError[]> => {
      const PartitionInputList = entries.map(({ input }) => input);
      const { Errors = [] } = await client.send(
        new BatchCreatePartitionCommand({ ...names, PartitionInputList }),
      );
      return Errors.map(({ PartitionValues, ErrorDetail }) => entryError(PartitionValues, ErrorDetail));
    },
    update: async (entries: readonly PartitionWrite[]): Promise<readonly EntryError[]> => {
      const Entries = entries.map(({ values, input }) => ({
        PartitionValueList: [...values],
        PartitionInput: input,
      }));
      const { Errors = [] } = await client.send(new BatchUpdatePartitionCommand({ ...names, Entries }));
      return Errors.map(({ PartitionValueList, ErrorDetail }) => entryError(PartitionValueList, ErrorDetail));
    },
    delete: async (
      entries: readonly { readonly values: readonly string[] }[],
    ): Promise<readonly EntryError[]> => {
      const PartitionsToDelete = entries.map(({ values }) => ({ Values: [...values] }));
      const { Errors = [] } = await client.send(
        new BatchDeletePartitionCommand({ ...names, PartitionsToDelete }),
      );
      return Errors.map(({ PartitionValues, ErrorDetail }) => entryError(PartitionValues, ErrorDetail));
    },
    indexes: async (): Promise<readonly PartitionIndex[]> => {
      const found: PartitionIndex[] = [];
      let token: string | undefined;
      do {
        const { PartitionIndexDescriptorList = [], NextToken } = await client.send(
          new GetPartitionIndexesCommand({ ...names, NextToken: token }),
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
      await client.send(new CreatePartitionIndexCommand({ ...names, PartitionIndex }));
    },
    /** Adds parameters to the table. Glue refuses if the table has changed since its definition was read. */
    addParameters: async (definition: Table, parameters: Readonly<Record<string, string>>): Promise<void> => {
      await client.send(
        new UpdateTableCommand({
          ...catalog,
          DatabaseName: database,
          TableInput: { ...inputOf(definition), Parameters: { ...definition.Parameters, ...parameters } },
          ...(definition.VersionId === undefined ? {} : { VersionId: definition.VersionId }),
        }),
      );
    },
  };
}

/** The part of a definition that UpdateTable accepts. It replaces the whole definition, and refuses fields that only Glue sets. */
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
