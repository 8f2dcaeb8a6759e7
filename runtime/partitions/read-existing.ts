import type { Partition } from "@aws-sdk/client-glue";
import { kindOf } from "./glue-errors";
import type { GlueTable, PartitionQuery } from "./glue-table";
import { inBatches, READS_PER_CALL } from "./limits";

/** Parts that Glue cuts a table's partitions into to be read at once, at most. Source: GetPartitions, `Segment`. */
const SEGMENTS = 10;

type TakePartition = (partition: Partition) => void;

/** Which partitions to read, and how. */
export interface PartitionRead {
  readonly expression: string | undefined;
  /** Whether to read each partition's columns too. */
  readonly columns: boolean;
  /** Whether more than a page is to be expected. */
  readonly isLarge: boolean;
}

/**
 * Reads a table's partitions, those that `expression` admits if there is one. A single page, which most windows come to, takes
 * one call; more are read in parallel segments. A partition may be taken twice.
 */
export async function readPartitions(
  table: GlueTable,
  { expression, columns, isLarge }: PartitionRead,
  take: TakePartition,
): Promise<void> {
  try {
    await readAll(table, { expression, columns }, isLarge, take);
  } catch (error) {
    // What an expression may say depends on the keys' types and on Glue's mood: without it there is only more to read.
    if (expression === undefined || kindOf(error) !== "invalid") throw error;
    await readAll(table, { columns }, isLarge, take);
  }
}

async function readAll(
  table: GlueTable,
  query: PartitionQuery,
  isLarge: boolean,
  take: TakePartition,
): Promise<void> {
  if (!isLarge) {
    const { partitions, next } = await table.page(query);
    partitions.forEach(take);
    if (next === undefined) return;
  }
  const segments = Array.from({ length: SEGMENTS }, (_, SegmentNumber) => ({
    SegmentNumber,
    TotalSegments: SEGMENTS,
  }));
  await Promise.all(
    segments.map(async (segment) => {
      let token: string | undefined;
      do {
        const { partitions, next } = await table.page({ ...query, segment, token });
        partitions.forEach(take);
        token = next;
      } while (token !== undefined);
    }),
  );
}

/** Reads the partitions of these values, those that there are. */
export async function readSome(
  table: GlueTable,
  values: Iterable<readonly string[]>,
  take: TakePartition,
): Promise<void> {
  await Promise.all(
    [...inBatches(values, READS_PER_CALL)].map(async (batch) => {
      (await table.some(batch)).forEach(take);
    }),
  );
}
