import type { Partition } from "@aws-sdk/client-glue";
import { kindOf } from "./glue-errors";
import type { GlueTable, PartitionQuery } from "./glue-table";
import { inBatches, READS_PER_CALL } from "./limits";

/** Parts that Glue cuts a table's partitions into to be read at once, at most. Source: GetPartitions, `Segment`. */
const SEGMENTS = 10;

const ALL_SEGMENTS = Array.from({ length: SEGMENTS }, (_, SegmentNumber) => ({
  SegmentNumber,
  TotalSegments: SEGMENTS,
}));

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
  await Promise.all(
    ALL_SEGMENTS.map(async (segment) => {
      let token: string | undefined;
      do {
        const { partitions, next } = await table.page({ ...query, segment, token });
        partitions.forEach(take);
        token = next;
      } while (token !== undefined);
    }),
  );
}

/**
 * Asks for the first pages of all partitions at once. Whoever asks the table that it answers for one of them gets the one that is
 * on its way; each is kept for one use.
 */
export function readAhead(
  table: GlueTable,
  { columns, isLarge }: Pick<PartitionRead, "columns" | "isLarge">,
): GlueTable {
  const segments = isLarge ? ALL_SEGMENTS : [undefined];
  const kept = new Map(segments.map((segment) => [segment?.SegmentNumber, table.page({ columns, segment })]));
  // Where a page fails and is never asked for, nobody need hear of it.
  for (const page of kept.values()) page.catch(() => undefined);
  return {
    ...table,
    page: (query) => {
      const { expression, segment, token } = query;
      const isFirst = expression === undefined && token === undefined && query.columns === columns;
      const page = isFirst ? kept.get(segment?.SegmentNumber) : undefined;
      if (page === undefined) return table.page(query);
      kept.delete(segment?.SegmentNumber);
      return page;
    },
  };
}

/** Reads the partitions of these values, those that there are. */
export async function readSome(
  table: GlueTable,
  values: Iterable<readonly string[]>,
  take: TakePartition,
): Promise<void> {
  await Promise.all(
    [...inBatches(values, READS_PER_CALL)].map(async (batch) => {
      for (let open: readonly (readonly string[])[] = batch; open.length > 0;) {
        const { partitions, left } = await table.some(open);
        partitions.forEach(take);
        // What Glue leaves when it could come to anything, it does not have.
        open = left.length < open.length ? left : [];
      }
    }),
  );
}
