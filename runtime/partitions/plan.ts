import type { Existing, ExistingPartitions } from "./glue/existing";
import type { FoundPartitions } from "./lake/found";
import { locationOf, sameLocation } from "./lake/location";
import type { Wanted } from "./glue/storage";
import { PARAMETER_PREFIX, type Fuse, type TableSettings } from "./table/table-settings";
import { isEverything, overlaps } from "./layout/window";

/** What is to be done to Glue. */
export interface PartitionPlan {
  readonly create: readonly Wanted[];
  /** Values as Glue has them. */
  readonly update: readonly Wanted[];
  /** Values as Glue has them. */
  readonly delete: readonly (readonly string[])[];
  /** Partitions that are right as they are. */
  readonly existed: number;
  /** Partitions that are wrong and may not be changed. */
  readonly conflicts: number;
  /** The first of the conflicts, a sentence each. */
  readonly examples: readonly string[];
  /** Why nothing is deleted though prefixes are gone. */
  readonly heldBack?: string;
}

interface PlanRequest {
  readonly found: FoundPartitions;
  readonly existing: ExistingPartitions;
  readonly settings: Pick<TableSettings, "update" | "cascade" | "delete" | "deleteGraceDays" | "deleteMost">;
  readonly now: Date;
  /** Whether the listing was whole. Of half a listing nothing can be said to be gone. @default true */
  readonly isComplete?: boolean;
}

const DAY = 86_400_000;
const MOST_EXAMPLES = 20;

/** Compares what lies in S3 with what Glue has. */
export function planPartitions(request: PlanRequest): PartitionPlan {
  const { found, existing, settings } = request;
  const create: Wanted[] = [];
  const update: Wanted[] = [];
  const examples: string[] = [];
  let existed = 0;
  let conflicts = 0;
  for (const [identity, prefix] of found.entries()) {
    const have = existing.get(identity);
    const location = locationOf(existing.table.location, prefix);
    if (have === undefined) {
      create.push({ values: found.valuesOf(prefix), location });
      continue;
    }
    const present = existing.locationOf(identity, have);
    const conflict = conflictOf(have, present, location, settings.update);
    if (conflict !== undefined) {
      conflicts++;
      if (examples.length < MOST_EXAMPLES) examples.push(`${prefix}: ${conflict}`);
    } else if (have.differs === true || !sameLocation(present, location)) {
      update.push({ values: existing.valuesOf(identity, have), location });
    } else existed++;
  }
  return { create, update, existed, conflicts, examples, ...planDeletes(request) };
}

function conflictOf(
  have: Existing,
  present: string,
  location: string,
  mayUpdate: boolean,
): string | undefined {
  if (have.refusal !== undefined) {
    return `its columns cannot follow the table's: ${have.refusal}. Change the table or the partition by hand.`;
  }
  if (mayUpdate || sameLocation(present, location)) return undefined;
  return `Glue has it at ${present}, but its data lies at ${location}. Set ${PARAMETER_PREFIX}update = true to move it.`;
}

function planDeletes(request: PlanRequest): Pick<PartitionPlan, "delete" | "heldBack"> {
  const { found, existing, settings, now, isComplete = true } = request;
  if (!settings.delete || !isComplete) return { delete: [] };
  const vanished: (readonly string[])[] = [];
  let looked = 0;
  for (const [identity, have] of existing.entries()) {
    const values = existing.valuesOf(identity, have);
    if (!wasLookedAt(found, values)) continue;
    looked++;
    const age = now.getTime() - have.createdAt * 1000;
    // One that lies elsewhere was not looked for, so nobody knows whether it is gone.
    const isElsewhere = have.location !== undefined;
    if (!found.has(identity) && !isElsewhere && age >= settings.deleteGraceDays * DAY) vanished.push(values);
  }
  const most = mostOf(settings.deleteMost, looked);
  if (vanished.length <= most) return { delete: vanished };
  return {
    delete: [],
    heldBack:
      `${vanished.length} of ${looked} partitions are gone from S3, more than the ${most} that one run may delete, so ` +
      `none was. If that is right, raise ${PARAMETER_PREFIX}delete-most.`,
  };
}

/** Whether the listing would have found a partition of those values: it is in the window and fits the layout. */
function wasLookedAt({ layout, window }: FoundPartitions, values: readonly string[]): boolean {
  if (layout.render(values) === undefined) return false;
  if (!layout.isTimed || isEverything(window)) return true;
  const time = layout.timeOf(values);
  return time !== undefined && overlaps(time, window);
}

/** At least one, or a small table could never lose a partition. */
function mostOf(fuse: Fuse, looked: number): number {
  return "count" in fuse
    ? fuse.count
    : fuse.percent === 0
      ? 0
      : Math.max(1, Math.floor((looked * fuse.percent) / 100));
}
