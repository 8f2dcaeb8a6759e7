import type { Column, PartitionInput, StorageDescriptor } from "@aws-sdk/client-glue";
import { createHash } from "node:crypto";

/** A partition as it should be in Glue. */
export interface Wanted {
  readonly values: readonly string[];
  readonly location: string;
}

/** A partition's storage descriptor: the table's, with its own location. */
function descriptorFor(table: StorageDescriptor, location: string): StorageDescriptor {
  return { ...table, Location: location };
}

/** What Glue is given for a partition. */
export function partitionInput({ values, location }: Wanted, table: StorageDescriptor): PartitionInput {
  return { Values: [...values], StorageDescriptor: descriptorFor(table, location) };
}

/**
 * Tells descriptors apart by how their files are read. Location and columns are compared on their own; `Parameters`
 * are left out, since crawlers and engines keep statistics there.
 */
export function fingerprintOf(descriptor: StorageDescriptor): string {
  const {
    InputFormat,
    OutputFormat,
    SerdeInfo,
    Compressed,
    NumberOfBuckets,
    BucketColumns,
    StoredAsSubDirectories,
  } = descriptor;
  return digest([
    InputFormat ?? "",
    OutputFormat ?? "",
    SerdeInfo?.SerializationLibrary ?? "",
    Object.entries(SerdeInfo?.Parameters ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
    Compressed ?? false,
    // Glue answers 0 or -1 where there are no buckets.
    Math.max(NumberOfBuckets ?? 0, 0),
    BucketColumns ?? [],
    StoredAsSubDirectories ?? false,
  ]);
}

/** Tells lists of columns apart by name and type. */
export function columnsDigest(columns: readonly Column[]): string {
  return digest(columns.map(({ Name: name, Type: type }) => [name, type]));
}

function digest(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("base64url");
}
