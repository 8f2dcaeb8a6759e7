import type { GlueDocument } from "../../../../bench/glue-limits";

/** Partitions of one page of GetPartitions, from its API reference. */
const PAGE = 1000;

/** A partition as Glue gives it, of which only what a page depends on is named. */
export type GluePartition = GlueDocument & {
  readonly Values?: readonly string[];
  readonly StorageDescriptor?: GlueDocument;
};

/**
 * The page of GetPartitions that a request asks for, cut out of all partitions of the table.
 */
export function pageOfPartitions(request: GlueDocument, all: readonly GluePartition[]): GlueDocument {
  const { Segment: segment, MaxResults: most = PAGE, NextToken: token, ExcludeColumnSchema } = request;
  const { SegmentNumber: number, TotalSegments: segments } = (segment ?? {
    SegmentNumber: 0,
    TotalSegments: 1,
  }) as { readonly SegmentNumber: number; readonly TotalSegments: number };
  const start = token === undefined ? 0 : Number(token);
  const own = all.filter((_, place) => place % segments === number);
  const end = start + Number(most);
  return {
    Partitions: own
      .slice(start, end)
      .map((one) => (ExcludeColumnSchema === true ? withoutColumns(one) : one)),
    ...(end < own.length ? { NextToken: String(end) } : {}),
  };
}

function withoutColumns(partition: GluePartition): GluePartition {
  const kept = Object.entries(partition.StorageDescriptor ?? {}).filter(([name]) => name !== "Columns");
  return { ...partition, StorageDescriptor: Object.fromEntries(kept) };
}
