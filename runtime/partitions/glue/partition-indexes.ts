import { PARAMETER_PREFIX } from "../../contracts/partitions";
import { UserError } from "../../shared/errors";
import type { PartitionKey } from "../layout/partition-keys";
import { asGlueError, explain } from "./glue-errors";
import type { ReadTable } from "./read-table";

/**
 * Creates the partition indexes that a table's settings ask for, one in each run: Glue builds one at a time. It answers why an
 * index could not be created, if so. The partitions are correct without it, but slower to find.
 */
export async function ensureIndexes({
  glue,
  settings,
  keys,
  catalogId,
}: ReadTable): Promise<string | undefined> {
  if (settings.indexes.length === 0) return undefined;
  try {
    const existing = await glue.indexes();
    const [missing] = planIndexes(
      settings.indexes,
      existing.map((index) => index.keys),
      keys,
    );
    // While another index is being built or deleted, this one must wait for the next run.
    const isBusy = existing.some(({ status }) => status !== "ACTIVE" && status !== "FAILED");
    if (missing !== undefined && !isBusy) await glue.createIndex(missing);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    if (error instanceof Error && "$metadata" in error) {
      return `Could not create a partition index: ${explain(asGlueError(error), catalogId)}`;
    }
    throw error;
  }
}

/**
 * The wanted indexes that do not exist. An index is identified by its keys, because it may have any name.
 * @throws UserError for a key that is not a partition key of the table.
 */
export function planIndexes(
  wanted: readonly (readonly string[])[],
  existing: readonly (readonly string[])[],
  keys: readonly PartitionKey[],
): readonly (readonly string[])[] {
  for (const name of wanted.flat()) {
    if (keys.some((key) => key.name === name)) continue;
    const names = keys.map((key) => key.name).join(", ");
    throw new UserError(
      `The table's parameter ${PARAMETER_PREFIX}indexes names ${name}, which is not one of its partition keys (${names}).`,
    );
  }
  const present = new Set(existing.map((index) => index.join(",").toLowerCase()));
  return wanted.filter((index) => !present.has(index.join(",")));
}
