import type { StorageDescriptor, Table } from "@aws-sdk/client-glue";
import { PARAMETER_PREFIX } from "../../contracts/partitions";
import { type ListFolders, sampleFolders, withSamples } from "../lake/folders";
import { isInS3, type Location, parseLocation } from "../lake/location";
import { chooseLayout, needsSamples } from "../layout/choose-layout";
import type { Layout } from "../layout/layout";
import type { PartitionKey } from "../layout/partition-keys";
import type { TableName } from "../table/partition-store";
import { isOptedOut, readTableSettings, type TableSettings } from "../table/table-settings";
import { reading } from "./glue-errors";
import type { GlueTable } from "./glue-table";

/** How to reach the tables of a Data Catalog and the buckets of their data. */
export interface Sources {
  /** The account that owns the catalog; empty for our own account. */
  readonly catalogId: string;
  readonly table: (name: TableName) => GlueTable;
  readonly folders: (bucket: string) => ListFolders;
}

/** A table that was read from Glue and whose partitions we keep. */
export interface ReadTable {
  /** `database.table`, for messages. */
  readonly name: string;
  readonly catalogId: string;
  readonly glue: GlueTable;
  /** The table as Glue has it. */
  readonly definition: Table;
  readonly keys: readonly PartitionKey[];
  readonly settings: TableSettings;
  readonly location: Location;
  readonly descriptor: StorageDescriptor;
  /** Lists the table's bucket. */
  readonly list: ListFolders;
  /** Lists samples to find the layout. `list` does not ask S3 again for pages that `sample` has listed. */
  readonly sample: ListFolders;
}

/** The reason for a table that existed a moment ago. */
export const TABLE_IS_GONE = "it is no longer in the catalog";

/**
 * Reads a table from Glue. The answer is a text if there is nothing to do for the table: the reason.
 * @throws UserError when the table's settings are wrong or reading it is refused, UpstreamError when Glue stays busy.
 */
export async function readTable(
  { database, table }: TableName,
  { catalogId, table: open, folders }: Sources,
): Promise<ReadTable | string> {
  const name = `${database}.${table}`;
  const glue = open({ database, table });
  const definition = await reading(`Reading ${name}`, catalogId, () => glue.definition());
  if (definition === undefined) return TABLE_IS_GONE;
  const skipped = skipReason(definition);
  if (skipped !== undefined) return skipped;
  const { StorageDescriptor: descriptor = {}, Parameters: parameters } = definition;
  const location = parseLocation(descriptor.Location ?? "");
  const settings = readTableSettings(parameters);
  return {
    ...{ name, catalogId, glue, definition, settings, location, descriptor },
    keys: partitionKeysOf(definition),
    ...withSamples(folders(location.bucket)),
  };
}

/**
 * The layout of a table: its settings decide, or without them its folders do. Undefined while there are no folders to decide by.
 * @throws UserError when the layout cannot be found. It names the parameter to set.
 */
export async function layoutOfTable({
  catalogId,
  keys,
  location,
  settings: { layout },
  sample,
}: ReadTable): Promise<Layout | undefined> {
  const samples = needsSamples(layout)
    ? await reading(`Listing ${location.text}`, catalogId, () => sampleFolders(sample, location, keys.length))
    : [];
  return chooseLayout({ keys, layout, samples });
}

/** Table formats that have their own list of files, so that Glue's partitions mean nothing to them. */
const OWN_METADATA = /^(iceberg|delta|deltalake|hudi|org\.apache\.hudi)$/i;
/** The parameters in which different writers name those formats. */
const FORMAT_PARAMETERS = ["table_type", "spark.sql.sources.provider", "provider", "classification"];

/** Why we do not keep a table's partitions, or undefined if we do. */
export function skipReason(table: Table): string | undefined {
  const parameters = table.Parameters ?? {};
  if (isOptedOut(parameters)) return `opted out by ${PARAMETER_PREFIX}enabled = false`;
  if (/VIEW/i.test(table.TableType ?? "") || parameters["presto_view"] === "true") return "it is a view";
  if (table.TargetTable !== undefined) return "it is a link to a table of another catalog";
  const format = formatOf(table);
  if (format !== undefined) return `it is a table of ${format}, which keeps its own list of files`;
  if (parameters["projection.enabled"]?.toLowerCase() === "true") {
    return "partition projection is on, so Athena would not look at registered partitions";
  }
  if (partitionKeysOf(table).length === 0) return "it has no partition keys";
  if (!isInS3(table.StorageDescriptor?.Location)) return "it has no location in S3";
  return undefined;
}

function formatOf({ Parameters: parameters = {}, StorageDescriptor: descriptor }: Table): string | undefined {
  for (const name of FORMAT_PARAMETERS) {
    const value = parameters[name]?.trim() ?? "";
    if (OWN_METADATA.test(value)) return value.toLowerCase();
  }
  const format = descriptor?.InputFormat ?? "";
  return /\.(iceberg|hudi)\./i.exec(format)?.[1]?.toLowerCase();
}

/** The partition keys of a table, in order. */
export function partitionKeysOf(table: Pick<Table, "PartitionKeys">): readonly PartitionKey[] {
  return (table.PartitionKeys ?? []).map(({ Name: name = "", Type: type = "string" }) => ({
    name: name.toLowerCase(),
    type: type.toLowerCase(),
  }));
}
