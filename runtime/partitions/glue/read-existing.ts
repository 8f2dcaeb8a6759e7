import type { Partition } from "@aws-sdk/client-glue";
import { kindOf } from "./glue-errors";
import { type GlueTable, inBatches, type PartitionQuery, READS_PER_CALL } from "./glue-table";

/** Glue divides a table's partitions into at most 10 segments that can be read in parallel. Source: GetPartitions, `Segment`. */
const SEGMENTS = 10;

const ALL_SEGMENTS = Array.from({ length: SEGMENTS }, (_, SegmentNumber) => ({
  SegmentNumber,
  TotalSegments: SEGMENTS,
}));

type TakePartition = (partition: Partition) => void;

/** Which partitions to read, and how. */
interface PartitionRead {
  readonly expression: string | undefined;
  /** Whether to read each partition's columns too. */
  readonly columns: boolean;
  /** Whether more than one page is expected. */
  readonly isLarge: boolean;
}

/**
 * Reads a table's partitions; with an expression, only those for which it is true. A single page, which is enough for most
 * windows, takes one call. More pages are read in parallel segments. `take` may get a partition twice.
 */
export async function readPartitions(
  table: GlueTable,
  { expression, columns, isLarge }: PartitionRead,
  take: TakePartition,
): Promise<void> {
  try {
    await readAll(table, { expression, columns }, isLarge, take);
  } catch (error) {
    // Glue does not document exactly which expressions it accepts. Without one there is only more to read.
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
 * Starts reading the first pages of all partitions now. The table that it answers uses these pages, each once, instead of asking
 * Glue again.
 */
export function readAhead(
  table: GlueTable,
  { columns, isLarge }: Pick<PartitionRead, "columns" | "isLarge">,
): GlueTable {
  const segments = isLarge ? ALL_SEGMENTS : [undefined];
  const kept = new Map(segments.map((segment) => [segment?.SegmentNumber, table.page({ columns, segment })]));
  // A page that fails and is never used must not end the process as an unhandled rejection.
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

/** Reads the partitions that have these values, if they exist. */
export async function lookUpPartitions(
  table: GlueTable,
  values: Iterable<readonly string[]>,
  take: TakePartition,
): Promise<void> {
  await Promise.all(
    [...inBatches(values, READS_PER_CALL)].map(async (batch) => {
      for (let open: readonly (readonly string[])[] = batch; open.length > 0;) {
        const { partitions, unprocessed } = await table.partitions(open);
        partitions.forEach(take);
        // When Glue makes no progress, the partitions do not exist.
        open = unprocessed.length < open.length ? unprocessed : [];
      }
    }),
  );
}
