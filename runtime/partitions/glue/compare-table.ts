import { findPartitions } from "../lake/find-partitions";
import { FoundPartitions } from "../lake/found-partitions";
import type { Layout } from "../layout/layout";
import { isEverything, type Window } from "../layout/window";
import { ExistingPartitions } from "./existing-partitions";
import { expressionFor } from "./expression";
import { reading } from "./glue-errors";
import { READS_PER_CALL } from "./glue-table";
import { lookUpPartitions, readPartitions } from "./read-existing";
import type { ReadTable } from "./read-table";

/** The partitions that S3 has, and those that Glue has. */
export interface Comparison {
  readonly found: FoundPartitions;
  readonly existing: ExistingPartitions;
}

/** Up to this number of calls, BatchGetPartition is cheaper than reading all partitions of a table. */
const MAX_LOOK_UPS = 3;

interface CompareScope {
  readonly layout: Layout;
  readonly window: Window;
  /** Whether more than one page of partitions is expected. A wrong guess only costs some calls. */
  readonly isLarge: boolean;
  /** Whether the time for listing is over. */
  readonly isOver: () => boolean;
}

/** Lists a table's folders and reads its partitions in Glue, both within the window, and at the same time if possible. */
export async function compareTable(
  table: ReadTable,
  { layout, window, isLarge, isOver }: CompareScope,
): Promise<Comparison> {
  const { name, glue, catalogId, keys, location, settings, list } = table;
  const found = new FoundPartitions(layout, keys, window);
  const existing = noneExisting(table, layout);
  const isBounded = layout.hasTime && !isEverything(window);
  const expression = isBounded ? expressionFor(keys, layout, window) : undefined;
  const find = () =>
    reading(`Listing ${location.text}`, catalogId, () =>
      findPartitions({ layout, location, window, list, found, isLarge, isOver }),
    );
  const readAll = () =>
    reading(`Reading the partitions of ${name}`, catalogId, () =>
      readPartitions(glue, { expression, columns: settings.cascade, isLarge }, (partition) =>
        existing.add(partition),
      ),
    );
  // Without an expression, the few days of a window would need all partitions of Glue. Looking up those that were found is
  // cheaper, unless those that were not found matter too, because they may be deleted.
  if (isBounded && expression === undefined && !settings.delete) {
    await find();
    if (found.size > MAX_LOOK_UPS * READS_PER_CALL) await readAll();
    else await lookUp(table, found.values(), existing);
  } else {
    await Promise.all([find(), readAll()]);
    if (expression !== undefined) await lookUp(table, found.valuesWithoutTime(), existing);
  }
  return { found, existing };
}

/** Compares only the partitions with these prefixes. */
export async function comparePrefixes(
  table: ReadTable,
  layout: Layout,
  prefixes: Iterable<string>,
): Promise<Comparison> {
  const found = new FoundPartitions(layout, table.keys, {});
  const existing = noneExisting(table, layout);
  for (const prefix of prefixes) found.add(prefix);
  await lookUp(table, found.values(), existing);
  return { found, existing };
}

function noneExisting(
  { keys, location, descriptor, settings }: ReadTable,
  layout: Layout,
): ExistingPartitions {
  return new ExistingPartitions({ layout, keys, location, descriptor, settings });
}

function lookUp(
  { name, glue, catalogId }: ReadTable,
  values: Iterable<readonly string[]>,
  existing: ExistingPartitions,
): Promise<void> {
  return reading(`Looking up partitions of ${name}`, catalogId, () =>
    lookUpPartitions(glue, values, (partition) => existing.add(partition)),
  );
}
