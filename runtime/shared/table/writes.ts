import { ElectroError } from "electrodb";
import { setTimeout as pause } from "node:timers/promises";
import { UpstreamError } from "../errors";

/** Items that one BatchWriteItem call takes. Source: DynamoDB API reference. */
const ITEMS_PER_CALL = 25;
const ATTEMPTS = 6;

/**
 * Writes many items. If DynamoDB leaves some items of a batch unprocessed, the whole batch is written again; to write an
 * item twice changes nothing.
 *
 * @param write gets at most 25 items and returns the unprocessed ones.
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
  throw new UpstreamError(`The table is too busy to write ${batch.length} items. Try again later.`);
}

/** Makes a conditional write. Returns whether its condition was true, which is whether anything was written. */
export async function writeIf(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/** True when a write was refused because its condition was false: somebody else has changed the item before. */
export function isConditionFailed(error: unknown): boolean {
  const cause: unknown = error instanceof ElectroError ? error.cause : error;
  return cause instanceof Error && cause.name === "ConditionalCheckFailedException";
}
