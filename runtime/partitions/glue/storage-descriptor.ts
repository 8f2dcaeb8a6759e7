import type { Column, PartitionInput, StorageDescriptor } from "@aws-sdk/client-glue";
import { createHash } from "node:crypto";

/** A partition as Glue should have it. */
export interface WantedPartition {
  readonly values: readonly string[];
  readonly location: string;
}

/** What Glue is given for a partition: the table's storage descriptor with the partition's location. */
export function partitionInput(
  { values, location }: WantedPartition,
  table: StorageDescriptor,
): PartitionInput {
  return { Values: [...values], StorageDescriptor: { ...table, Location: location } };
}

/**
 * A digest of how the files of a descriptor are read. It has no location and no columns, which are compared separately, and no
 * `Parameters`, because crawlers and engines keep statistics there.
 */
export function formatDigest(descriptor: StorageDescriptor): string {
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
    // Without buckets, Glue answers 0 or -1.
    Math.max(NumberOfBuckets ?? 0, 0),
    BucketColumns ?? [],
    StoredAsSubDirectories ?? false,
  ]);
}

/** A digest of columns by their names and types. */
export function columnsDigest(columns: readonly Column[]): string {
  return digest(columns.map(({ Name: name, Type: type }) => [name, type]));
}

function digest(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("base64url");
}
