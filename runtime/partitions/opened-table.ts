import type { StorageDescriptor, Table } from "@aws-sdk/client-glue";
import { chooseLayout, needsSamples } from "./layout/detect";
import { withSamples, type ListFolders } from "./lake/folders";
import { reading } from "./glue/glue-errors";
import type { GlueTable } from "./glue/glue-table";
import { partitionKeysOf, type PartitionKey } from "./layout/keys";
import type { Layout } from "./layout/layout";
import { parseLocation, type Location } from "./lake/location";
import { sampleFolders } from "./lake/sample-folders";
import { skipReason } from "./selection";
import { readTableSettings, type TableSettings } from "./table/table-settings";

/** How to reach the tables of a catalog and the buckets that they lie in. */
export interface Sources {
  /** Account whose catalog it is; empty for our own. */
  readonly catalogId: string;
  readonly table: (database: string, table: string) => GlueTable;
  readonly folders: (bucket: string) => ListFolders;
}

/** A table that partitions are kept for, with all that is read of it. */
export interface OpenedTable {
  readonly glue: GlueTable;
  readonly read: Table;
  readonly keys: readonly PartitionKey[];
  readonly settings: TableSettings;
  readonly location: Location;
  readonly descriptor: StorageDescriptor;
  readonly list: ListFolders;
  /** Lists for finding the layout; what it saw, `list` need not ask for again. */
  readonly sample: ListFolders;
}

/**
 * Reads a table; a text tells why there is nothing to be done for it.
 * @throws UserError for settings that are wrong or a table that may not be read, UpstreamError when Glue stays busy.
 */
export async function openTable(
  { database, table: name }: { readonly database: string; readonly table: string },
  { catalogId, table, folders }: Sources,
): Promise<OpenedTable | string> {
  const glue = table(database, name);
  const read = await reading(`Reading ${database}.${name}`, catalogId, () => glue.read());
  if (read === undefined) return TABLE_IS_GONE;
  const skipped = skipReason(read);
  if (skipped !== undefined) return skipped;
  const { StorageDescriptor: descriptor = {}, Parameters: parameters } = read;
  const location = parseLocation(descriptor.Location ?? "");
  const settings = readTableSettings(parameters);
  return {
    glue,
    read,
    keys: partitionKeysOf(read),
    settings,
    location,
    descriptor,
    ...withSamples(folders(location.bucket)),
  };
}

/** Said of a table that was there a moment ago. */
export const TABLE_IS_GONE = "it is no longer in the catalog";

/**
 * The layout of a table: as its settings say, else as its folders show. Undefined when nothing lies there yet that would tell.
 * @throws UserError when it cannot be told, naming the parameter to set.
 */
export async function layoutOfTable(
  { keys, location, settings: { layout }, sample }: OpenedTable,
  catalogId: string,
): Promise<Layout | undefined> {
  const samples = needsSamples(layout)
    ? await reading(`Listing ${location.text}`, catalogId, () => sampleFolders(sample, location, keys.length))
    : [];
  return chooseLayout({ keys, layout, samples });
}
