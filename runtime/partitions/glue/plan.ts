import { PARAMETER_PREFIX } from "../../contracts/partitions";
import type { FoundPartitions } from "../lake/found-partitions";
import { isSameLocation, locationOf } from "../lake/location";
import { isEverything, overlaps } from "../layout/window";
import type { DeleteLimit, TableSettings } from "../table/table-settings";
import type { ExistingPartition, ExistingPartitions } from "./existing-partitions";
import type { WantedPartition } from "./storage-descriptor";

/** What to change in Glue. The values in `update` and `delete` are written as Glue has them. */
export interface PartitionPlan {
  readonly create: readonly WantedPartition[];
  readonly update: readonly WantedPartition[];
  readonly delete: readonly (readonly string[])[];
  /** How many partitions are right as they are. */
  readonly existed: number;
  /** How many partitions are wrong and may not be changed. */
  readonly conflicts: number;
  /** The first conflicts, a sentence each. */
  readonly examples: readonly string[];
  /** Why nothing is deleted, although folders no longer exist. */
  readonly deletesBlocked?: string;
}

interface PlanRequest {
  readonly found: FoundPartitions;
  readonly existing: ExistingPartitions;
  readonly settings: Pick<TableSettings, "update" | "cascade" | "delete" | "deleteGraceDays" | "deleteLimit">;
  readonly now: Date;
  /** Whether the whole window was listed. If not, a partition that was not found may still exist. @default true */
  readonly isComplete?: boolean;
}

const DAY = 86_400_000;
const MAX_EXAMPLES = 20;

/** Compares the partitions that S3 has with those that Glue has. */
export function planPartitions(request: PlanRequest): PartitionPlan {
  const { found, existing, settings } = request;
  const create: WantedPartition[] = [];
  const update: WantedPartition[] = [];
  const examples: string[] = [];
  let existed = 0;
  let conflicts = 0;
  for (const [identity, prefix] of found.entries()) {
    const partition = existing.get(identity);
    const location = locationOf(existing.table.location, prefix);
    if (partition === undefined) {
      create.push({ values: found.valuesOf(prefix), location });
      continue;
    }
    const current = existing.locationOf(identity, partition);
    const conflict = conflictOf(partition, current, location, settings.update);
    if (conflict !== undefined) {
      conflicts++;
      if (examples.length < MAX_EXAMPLES) examples.push(`${prefix}: ${conflict}`);
    } else if (partition.differs === true || !isSameLocation(current, location)) {
      update.push({ values: existing.valuesOf(identity, partition), location });
    } else existed++;
  }
  return { create, update, existed, conflicts, examples, ...planDeletes(request) };
}

function conflictOf(
  partition: ExistingPartition,
  current: string,
  location: string,
  mayUpdate: boolean,
): string | undefined {
  if (partition.cascadeProblem !== undefined) {
    return `it cannot get the table's columns: ${partition.cascadeProblem}. Change the table or the partition manually.`;
  }
  if (mayUpdate || isSameLocation(current, location)) return undefined;
  return `Glue has it at ${current}, but its data is at ${location}. Set ${PARAMETER_PREFIX}update = true to move it.`;
}

function planDeletes(request: PlanRequest): Pick<PartitionPlan, "delete" | "deletesBlocked"> {
  const { found, existing, settings, now, isComplete = true } = request;
  if (!settings.delete || !isComplete) return { delete: [] };
  const vanished: (readonly string[])[] = [];
  let searched = 0;
  for (const [identity, partition] of existing.entries()) {
    const values = existing.valuesOf(identity, partition);
    if (!wasSearched(found, values)) continue;
    searched++;
    const age = now.getTime() - partition.createdAt * 1000;
    // A partition at another location was not searched for, so it may still exist.
    const isElsewhere = partition.location !== undefined;
    if (!found.has(identity) && !isElsewhere && age >= settings.deleteGraceDays * DAY) vanished.push(values);
  }
  const max = maxDeletes(settings.deleteLimit, searched);
  if (vanished.length <= max) return { delete: vanished };
  return {
    delete: [],
    deletesBlocked:
      `${vanished.length} of ${searched} partitions no longer exist in S3, more than the ${max} that one run may delete, so ` +
      `none was deleted. If they should be deleted, raise ${PARAMETER_PREFIX}delete-limit.`,
  };
}

/** Whether the search would have found a partition with these values: it fits the layout and is in the window. */
function wasSearched({ layout, window }: FoundPartitions, values: readonly string[]): boolean {
  if (layout.render(values) === undefined) return false;
  if (!layout.hasTime || isEverything(window)) return true;
  const time = layout.timeOf(values);
  return time !== undefined && overlaps(time, window);
}

/** How many of the searched partitions may be deleted. A percentage allows at least one, or a small table could never lose any. */
function maxDeletes(limit: DeleteLimit, searched: number): number {
  if ("count" in limit) return limit.count;
  return limit.percent === 0 ? 0 : Math.max(1, Math.floor((searched * limit.percent) / 100));
}
