import { UserError } from "../shared/errors";
import { explain, asGlueError } from "./glue/glue-errors";
import { planIndexes } from "./glue/indexes";
import type { OpenedTable } from "./opened-table";

/**
 * Makes the partition indexes that a table's settings ask for, one a run: Glue builds one at a time. Answers why an index could
 * not be made, if so; the partitions are right without it, only slower to find.
 */
export async function ensureIndexes(
  { glue, settings, keys }: OpenedTable,
  catalogId: string,
): Promise<string | undefined> {
  if (settings.indexes.length === 0) return undefined;
  try {
    const there = await glue.indexes();
    const [missing] = planIndexes(
      settings.indexes,
      there.map((index) => index.keys),
      keys,
    );
    // Another is still being built or going away: its turn comes with the next run.
    if (missing === undefined || there.some(({ status }) => status !== "ACTIVE" && status !== "FAILED"))
      return undefined;
    await glue.createIndex(missing);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    if (error instanceof Error && "$metadata" in error) {
      return `Could not make a partition index: ${explain(asGlueError(error), catalogId)}`;
    }
    throw error;
  }
}
