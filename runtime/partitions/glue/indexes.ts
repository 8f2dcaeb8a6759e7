import { UserError } from "../../shared/errors";
import type { PartitionKey } from "../layout/keys";
import { PARAMETER_PREFIX } from "../table/table-settings";

/**
 * The indexes that are wanted and not there. An index is told by its keys, since anybody may have named it.
 * @throws UserError for a key that the table is not partitioned by.
 */
export function planIndexes(
  wanted: readonly (readonly string[])[],
  have: readonly (readonly string[])[],
  keys: readonly PartitionKey[],
): readonly (readonly string[])[] {
  for (const name of wanted.flat()) {
    if (keys.some((key) => key.name === name)) continue;
    const names = keys.map((key) => key.name).join(", ");
    throw new UserError(
      `The table's parameter ${PARAMETER_PREFIX}indexes names ${name}, which is none of its partition keys (${names}).`,
    );
  }
  const present = new Set(have.map((index) => index.join(",").toLowerCase()));
  return wanted.filter((index) => !present.has(index.join(",")));
}
