import type { Partition, StorageDescriptor } from "@aws-sdk/client-glue";
import { explain } from "./glue-errors";
import type { GlueTable } from "./glue-table";
import { CREATES_PER_CALL, DELETES_PER_CALL, UPDATES_PER_CALL } from "./limits";
import { sameLocation } from "../lake/location";
import type { Pace } from "./throttle";
import type { PartitionPlan } from "../plan";
import { readSome } from "./read-existing";
import { partitionInput, type Wanted } from "./storage";
import type { TableSettings } from "../table/table-settings";
import { writeBatches, type EntryError, type Written } from "./write-batches";

/** What writing needs: the table, and how fast and how long to go on. */
export interface WriteScope {
  readonly table: GlueTable;
  readonly descriptor: StorageDescriptor;
  /** Account whose catalog it is, for advice; empty for our own. */
  readonly catalogId: string;
  /** What of a partition that there is may follow the table. */
  readonly settings: Pick<TableSettings, "update" | "cascade">;
  readonly pace: Pace;
  readonly isOver: () => boolean;
}

/** What writing a plan came to, in partitions. */
export interface WriteOutcome {
  readonly created: number;
  /** Created by somebody else in the meantime, just as they would have been by us. */
  readonly existed: number;
  readonly updated: number;
  readonly deleted: number;
  readonly failed: number;
  /** Not come to, for want of time. */
  readonly left: number;
  readonly tableIsGone: boolean;
  /** Why some failed, a sentence for each cause. */
  readonly problems: readonly string[];
}

/** Writes a plan to Glue: creates first, which readers wait for, then updates, deletes last. */
export async function writePlan(
  plan: Pick<PartitionPlan, "create" | "update" | "delete">,
  scope: WriteScope,
): Promise<WriteOutcome> {
  const { table, descriptor } = scope;
  const created = await writeBatches(
    plan.create,
    {
      entriesPerCall: CREATES_PER_CALL,
      send: (batch) =>
        table.create(batch.map((wanted) => ({ ...wanted, input: partitionInput(wanted, descriptor) }))),
    },
    scope,
  );
  const { existed, elsewhere } = await lookAgain(table, created.exists);
  const moved = scope.settings.update ? elsewhere.map(({ wanted }) => wanted) : [];
  const updated = await writeBatches(
    [...plan.update, ...moved],
    { entriesPerCall: UPDATES_PER_CALL, send: (batch) => update(batch, scope) },
    scope,
  );
  const deleted = await writeBatches(
    plan.delete.map((values) => ({ values })),
    { entriesPerCall: DELETES_PER_CALL, send: (batch) => table.remove(batch) },
    scope,
  );
  const kept = scope.settings.update ? [] : elsewhere;
  const vanished = [...created.absent, ...updated.absent].map(({ values }) => ({ values, ...VANISHED }));
  const failures = {
    create: created.failed,
    update: [...updated.failed, ...vanished],
    delete: deleted.failed,
  };
  return {
    created: created.done,
    existed,
    updated: updated.done,
    deleted: deleted.done,
    failed: kept.length + Object.values(failures).reduce((sum, { length }) => sum + length, 0),
    left: created.left + updated.left + deleted.left,
    tableIsGone: [created, updated, deleted].some(({ tableIsGone }) => tableIsGone),
    problems: [
      ...Object.entries(failures).flatMap(([what, errors]) => describe(what, errors, scope.catalogId)),
      ...describeElsewhere(kept),
    ],
  };
}

const VANISHED = { code: "EntityNotFoundException", message: "somebody deleted it meanwhile." };

interface Elsewhere {
  readonly wanted: Wanted;
  readonly location: string;
}

/**
 * A create that came too late, which a retry by the SDK causes as well, is as good as done where the partition that is there lies
 * where ours would.
 */
async function lookAgain(
  table: GlueTable,
  late: Written<Wanted>["exists"],
): Promise<{ readonly existed: number; readonly elsewhere: readonly Elsewhere[] }> {
  const there = await readLocations(table, late);
  const elsewhere = late.flatMap((wanted) => {
    const location = there.get(JSON.stringify(wanted.values))?.StorageDescriptor?.Location ?? "";
    return sameLocation(location, wanted.location) ? [] : [{ wanted, location }];
  });
  return { existed: late.length - elsewhere.length, elsewhere };
}

async function readLocations(
  table: GlueTable,
  entries: readonly Wanted[],
): Promise<ReadonlyMap<string, Partition>> {
  const found = new Map<string, Partition>();
  const values = entries.map((entry) => entry.values);
  await readSome(table, values, (partition) => found.set(JSON.stringify(partition.Values ?? []), partition));
  return found;
}

/**
 * An update replaces all of a partition, so what is to stay is read and written again: what others noted in its parameters, and
 * what the table did not opt to hand on.
 */
async function update(
  batch: readonly Wanted[],
  { table, descriptor, settings }: WriteScope,
): Promise<readonly EntryError[]> {
  const there = await readLocations(table, batch);
  return table.update(
    batch.map((wanted) => {
      const { Parameters, StorageDescriptor: present = descriptor } =
        there.get(JSON.stringify(wanted.values)) ?? {};
      const storage = settings.update ? descriptor : present;
      const { Columns } = settings.cascade ? descriptor : present;
      const input = partitionInput(wanted, { ...storage, Columns });
      return { ...wanted, input: Parameters === undefined ? input : { ...input, Parameters } };
    }),
  );
}

function describe(what: string, errors: readonly EntryError[], catalogId: string): readonly string[] {
  const byCode = new Map<string, EntryError[]>();
  for (const error of errors) byCode.set(error.code, [...(byCode.get(error.code) ?? []), error]);
  return [...byCode.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    return [
      `Could not ${what} ${same.length}, such as ${first.values.join("/")}: ${explain(first, catalogId)}`,
    ];
  });
}

function describeElsewhere(kept: readonly Elsewhere[]): readonly string[] {
  const [first] = kept;
  if (first === undefined) return [];
  const { wanted, location } = first;
  return [
    `${kept.length} are there already with another location, such as ${wanted.values.join("/")} at ${location} instead of ` +
      `${wanted.location}. Set strata.partitions.update=true on the table to have them moved.`,
  ];
}
