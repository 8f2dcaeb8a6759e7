import { ExistingPartitions } from "./glue/existing";
import { expressionFor } from "./glue/expression";
import { findPartitions } from "./lake/find-partitions";
import { FoundPartitions } from "./lake/found";
import { reading } from "./glue/glue-errors";
import type { Layout } from "./layout/layout";
import { READS_PER_CALL } from "./glue/limits";
import type { OpenedTable } from "./opened-table";
import { readPartitions, readSome } from "./glue/read-existing";
import { isEverything, type Window } from "./layout/window";

/** What lies in S3, and what Glue has of it. */
export interface Comparison {
  readonly found: FoundPartitions;
  readonly existing: ExistingPartitions;
}

/** Calls of BatchGetPartition that are better than reading all of a table's partitions. */
const MOST_LOOK_UPS = 3;

export interface CompareScope {
  readonly layout: Layout;
  readonly window: Window;
  readonly catalogId: string;
  /** Whether more than a page of partitions is to be expected; a wrong guess costs some calls. */
  readonly isLarge: boolean;
}

/** Lists a table's folders and reads its partitions, as far as the window goes, both at a time where that can be. */
export async function compareTable(
  opened: OpenedTable,
  { layout, window, catalogId, isLarge }: CompareScope,
  isOver: () => boolean,
): Promise<Comparison> {
  const { glue, keys, location, settings, list } = opened;
  const found = new FoundPartitions(layout, keys, window);
  const existing = existingOf(opened, layout);
  const isBounded = layout.isTimed && !isEverything(window);
  const expression = isBounded ? expressionFor(keys, layout, window) : undefined;
  const find = () =>
    reading(`Listing ${location.text}`, catalogId, () =>
      findPartitions({ layout, location, window, list, found, isLarge, isOver }),
    );
  const readAll = () =>
    reading(`Reading the partitions of ${nameOf(opened)}`, catalogId, () =>
      readPartitions(glue, { expression, columns: settings.cascade, isLarge }, (partition) =>
        existing.add(partition),
      ),
    );
  // Without an expression Glue would have to be read whole for a few days; what was found can be looked up instead, unless
  // what was not found matters too.
  if (isBounded && expression === undefined && !settings.delete) {
    await find();
    if (found.size > MOST_LOOK_UPS * READS_PER_CALL) await readAll();
    else await lookUp(opened, found.values(), existing, catalogId);
  } else {
    await Promise.all([find(), readAll()]);
    if (expression !== undefined) await lookUp(opened, found.timeless(), existing, catalogId);
  }
  return { found, existing };
}

/** Looks up the partitions of a few folders. */
export async function comparePrefixes(
  opened: OpenedTable,
  layout: Layout,
  prefixes: readonly string[],
  catalogId: string,
): Promise<Comparison> {
  const found = new FoundPartitions(layout, opened.keys, {});
  const existing = existingOf(opened, layout);
  for (const prefix of prefixes) found.add(prefix);
  await lookUp(opened, found.values(), existing, catalogId);
  return { found, existing };
}

function existingOf(
  { keys, location, descriptor, settings }: OpenedTable,
  layout: Layout,
): ExistingPartitions {
  return new ExistingPartitions({ layout, keys, location, descriptor, settings });
}

function lookUp(
  opened: OpenedTable,
  values: Iterable<readonly string[]>,
  existing: ExistingPartitions,
  catalogId: string,
): Promise<void> {
  return reading(`Looking up partitions of ${nameOf(opened)}`, catalogId, () =>
    readSome(opened.glue, values, (partition) => existing.add(partition)),
  );
}

function nameOf({ read }: OpenedTable): string {
  return `${read.DatabaseName ?? ""}.${read.Name ?? ""}`;
}
