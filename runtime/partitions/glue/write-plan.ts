import type { Partition } from "@aws-sdk/client-glue";
import { PARAMETER_PREFIX } from "../../contracts/partitions";
import { isSameLocation } from "../lake/location";
import { type EntryError, explain } from "./glue-errors";
import { CREATES_PER_CALL, DELETES_PER_CALL, type GlueTable, UPDATES_PER_CALL } from "./glue-table";
import type { PartitionPlan } from "./plan";
import { lookUpPartitions } from "./read-existing";
import type { ReadTable } from "./read-table";
import { partitionInput, type WantedPartition } from "./storage-descriptor";
import type { Throttle } from "./throttle";
import { writeBatches } from "./write-batches";

/** What writing needs: the table, and how fast and how long to write. */
interface WriteScope {
  readonly table: Pick<ReadTable, "glue" | "descriptor" | "catalogId"> & {
    /** What of an existing partition may be changed. */
    readonly settings: Pick<ReadTable["settings"], "update" | "cascade">;
  };
  readonly throttle: Throttle;
  readonly isOver: () => boolean;
}

/** The result of writing a plan, in partitions. */
export interface WriteResult {
  readonly created: number;
  /** Partitions that somebody else has created in the meantime, exactly as we would have. */
  readonly existed: number;
  readonly updated: number;
  readonly deleted: number;
  readonly failed: number;
  /** Not written, because the time was over. */
  readonly remaining: number;
  readonly tableIsGone: boolean;
  /** Why some failed, a sentence for each cause. */
  readonly problems: readonly string[];
}

/** Writes a plan to Glue. Creates come first, because readers wait for them, then updates, then deletes. */
export async function writePlan(
  plan: Pick<PartitionPlan, "create" | "update" | "delete">,
  scope: WriteScope,
): Promise<WriteResult> {
  const { glue, descriptor, settings, catalogId } = scope.table;
  const created = await writeBatches(
    plan.create,
    {
      entriesPerCall: CREATES_PER_CALL,
      send: (batch) =>
        glue.create(batch.map((wanted) => ({ ...wanted, input: partitionInput(wanted, descriptor) }))),
    },
    scope,
  );
  const { existed, elsewhere } = await checkLateCreates(glue, created.existing);
  const moved = settings.update ? elsewhere.map(({ wanted }) => wanted) : [];
  const updated = await writeBatches(
    [...plan.update, ...moved],
    { entriesPerCall: UPDATES_PER_CALL, send: (batch) => update(batch, scope) },
    scope,
  );
  const deleted = await writeBatches(
    plan.delete.map((values) => ({ values })),
    { entriesPerCall: DELETES_PER_CALL, send: (batch) => glue.delete(batch) },
    scope,
  );
  const notMoved = settings.update ? [] : elsewhere;
  const vanished = [...created.missing, ...updated.missing].map(({ values }) => ({ values, ...VANISHED }));
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
    failed: notMoved.length + Object.values(failures).reduce((sum, { length }) => sum + length, 0),
    remaining: created.remaining + updated.remaining + deleted.remaining,
    tableIsGone: [created, updated, deleted].some(({ tableIsGone }) => tableIsGone),
    problems: [
      ...Object.entries(failures).flatMap(([what, errors]) => describeErrors(what, errors, catalogId)),
      ...describeElsewhere(notMoved),
    ],
  };
}

const VANISHED = { code: "EntityNotFoundException", message: "somebody deleted it in the meantime." };

/** An existing partition whose location is not the wanted one. */
interface Elsewhere {
  readonly wanted: WantedPartition;
  readonly location: string;
}

/**
 * Looks at the partitions that existed already when we created them. The SDK's own retry can cause this too. A partition at the
 * wanted location is as good as created.
 */
async function checkLateCreates(
  glue: GlueTable,
  late: readonly WantedPartition[],
): Promise<{ readonly existed: number; readonly elsewhere: readonly Elsewhere[] }> {
  const current = await partitionsByValues(glue, late);
  const elsewhere = late.flatMap((wanted) => {
    const location = current.get(JSON.stringify(wanted.values))?.StorageDescriptor?.Location ?? "";
    return isSameLocation(location, wanted.location) ? [] : [{ wanted, location }];
  });
  return { existed: late.length - elsewhere.length, elsewhere };
}

async function partitionsByValues(
  glue: GlueTable,
  entries: readonly WantedPartition[],
): Promise<ReadonlyMap<string, Partition>> {
  const found = new Map<string, Partition>();
  const values = entries.map((entry) => entry.values);
  await lookUpPartitions(glue, values, (partition) =>
    found.set(JSON.stringify(partition.Values ?? []), partition),
  );
  return found;
}

/**
 * Updates partitions. An update replaces the whole partition, so whatever should stay is read first and written again: the
 * parameters of others, and whatever the table's settings do not allow to change.
 */
async function update(
  batch: readonly WantedPartition[],
  { table: { glue, descriptor, settings } }: WriteScope,
): Promise<readonly EntryError[]> {
  const current = await partitionsByValues(glue, batch);
  return glue.update(
    batch.map((wanted) => {
      const { Parameters, StorageDescriptor: present = descriptor } =
        current.get(JSON.stringify(wanted.values)) ?? {};
      const storage = settings.update ? descriptor : present;
      const { Columns } = settings.cascade ? descriptor : present;
      const input = partitionInput(wanted, { ...storage, Columns });
      return { ...wanted, input: Parameters === undefined ? input : { ...input, Parameters } };
    }),
  );
}

/** A sentence for each kind of error. */
function describeErrors(what: string, errors: readonly EntryError[], catalogId: string): readonly string[] {
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

function describeElsewhere(notMoved: readonly Elsewhere[]): readonly string[] {
  const [first] = notMoved;
  if (first === undefined) return [];
  const { wanted, location } = first;
  return [
    `${notMoved.length} exist already with another location, such as ${wanted.values.join("/")} at ${location} instead of ` +
      `${wanted.location}. Set ${PARAMETER_PREFIX}update = true on the table to move them.`,
  ];
}
