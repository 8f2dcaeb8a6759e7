/**
 * Entries that one call to Glue takes. Source: AWS Glue API reference, BatchCreatePartition, BatchUpdatePartition,
 * BatchDeletePartition and BatchGetPartition.
 */
export const CREATES_PER_CALL = 100;
export const UPDATES_PER_CALL = 100;
export const DELETES_PER_CALL = 25;
export const READS_PER_CALL = 1_000;

/** Cuts items into batches of at most `size`, in their order. */
export function inBatches<T>(items: Iterable<T>, size: number): T[][] {
  const batches: T[][] = [];
  for (const item of items) {
    const last = batches.at(-1);
    if (last === undefined || last.length === size) batches.push([item]);
    else last.push(item);
  }
  return batches;
}
