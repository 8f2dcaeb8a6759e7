import { setTimeout as pause } from "node:timers/promises";
import { UpstreamError } from "../errors";

/** Items that a BatchWriteItem call takes. Source: DynamoDB API reference. */
const ITEMS_PER_CALL = 25;
const ATTEMPTS = 6;

/**
 * Writes many items. A batch of which DynamoDB left some unprocessed is written again as a whole: writing an item
 * twice changes nothing. `write` gets at most 25 items and answers what was left.
 */
export async function writeAll<T>(
  items: readonly T[],
  write: (batch: T[]) => Promise<{ readonly unprocessed: readonly unknown[] }>,
): Promise<void> {
  for (let start = 0; start < items.length; start += ITEMS_PER_CALL) {
    await writeBatch(items.slice(start, start + ITEMS_PER_CALL), write);
  }
}

async function writeBatch<T>(
  batch: T[],
  write: (batch: T[]) => Promise<{ readonly unprocessed: readonly unknown[] }>,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(50 * 2 ** attempt);
    const { unprocessed } = await write(batch);
    if (unprocessed.length === 0) return;
  }
  throw new UpstreamError(`The table is too busy to take ${batch.length} items; try again later.`);
}
