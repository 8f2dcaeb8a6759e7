import type { Budget } from "./budget";
import type { Comparison } from "./compare-table";
import type { SyncCounts, SyncStatus } from "../contracts/partitions";
import { TABLE_IS_GONE, type OpenedTable } from "./opened-table";
import type { Pace } from "./glue/throttle";
import { planPartitions, type PartitionPlan } from "./plan";
import { writePlan, type WriteOutcome } from "./glue/write-plan";

/** What bringing Glue in line with S3 came to. */
export interface Reconciled extends Omit<SyncCounts, "seconds" | "calls"> {
  readonly status: SyncStatus;
  readonly reason?: string | undefined;
}

export interface ReconcileScope {
  readonly catalogId: string;
  readonly dryRun: boolean;
  /** False where only a few folders were compared: then nothing can be said to be gone. */
  readonly isWhole: boolean;
  readonly now: Date;
  readonly budget: Budget;
  readonly pace: Pace;
}

/** Writes to Glue what a comparison calls for, or, in a dry run, says what it would. */
export async function reconcile(
  { glue, descriptor, settings }: OpenedTable,
  { found, existing }: Comparison,
  { catalogId, dryRun, isWhole, now, budget, pace }: ReconcileScope,
): Promise<Reconciled> {
  const plan = planPartitions({ found, existing, settings, now, isComplete: isWhole });
  const outcome = dryRun
    ? outcomeOf(plan)
    : await writePlan(plan, {
        ...{ table: glue, descriptor, catalogId, pace },
        settings,
        isOver: () => budget.isOver(),
      });
  const failed = outcome.failed + plan.conflicts;
  const reasons = [
    ...outcome.problems,
    ...some("conflicting partition(s)", plan.conflicts, plan.examples),
    ...some("folder(s) or object(s) that are no partitions", found.problems, found.examples),
    ...(plan.heldBack === undefined ? [] : [plan.heldBack]),
    ...(outcome.left === 0 ? [] : [`${outcome.left} are left to the next run, since time was up.`]),
  ];
  const { created, updated, deleted } = outcome;
  const counts = { created, updated, deleted, failed, existed: plan.existed + outcome.existed };
  const reason = outcome.tableIsGone ? TABLE_IS_GONE : reasons.join(" ");
  return {
    ...counts,
    ignored: found.ignored + found.problems,
    status: outcome.tableIsGone ? "skipped" : failed > 0 ? "failed" : "synced",
    ...(reason === "" ? {} : { reason }),
  };
}

/** Examples that a reason tells; all of them would not fit in a record. */
const EXAMPLES = 3;

function some(what: string, count: number, examples: readonly string[]): readonly string[] {
  return count === 0 ? [] : [`${count} ${what}, such as ${examples.slice(0, EXAMPLES).join("; ")}.`];
}

/** What a plan would come to if all of it were done. */
function outcomeOf(plan: PartitionPlan): WriteOutcome {
  return {
    created: plan.create.length,
    existed: 0,
    updated: plan.update.length,
    deleted: plan.delete.length,
    ...{ failed: 0, left: 0, tableIsGone: false, problems: [] },
  };
}
