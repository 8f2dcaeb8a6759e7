import type { SyncResult } from "../table/entities";
import type { Comparison } from "./compare-table";
import { type PartitionPlan, planPartitions } from "./plan";
import { type ReadTable, TABLE_IS_GONE } from "./read-table";
import type { Throttle } from "./throttle";
import { writePlan, type WriteResult } from "./write-plan";

/** What reconciling a table has changed in Glue. */
export type ReconcileResult = Pick<
  SyncResult,
  "status" | "reason" | "created" | "existed" | "updated" | "deleted" | "failed" | "ignored"
>;

interface ReconcileScope {
  readonly dryRun: boolean;
  /** Whether the whole window was compared. If only some folders were, nothing is deleted. */
  readonly isComplete: boolean;
  readonly now: Date;
  readonly throttle: Throttle;
  /** Whether the time for writing is over. */
  readonly isOver: () => boolean;
}

/** Changes Glue to what S3 has, or, in a dry run, only says what it would change. */
export async function reconcile(
  table: ReadTable,
  { found, existing }: Comparison,
  { dryRun, isComplete, now, throttle, isOver }: ReconcileScope,
): Promise<ReconcileResult> {
  const plan = planPartitions({ found, existing, settings: table.settings, now, isComplete });
  const written = dryRun ? expectedResult(plan) : await writePlan(plan, { table, throttle, isOver });
  const failed = written.failed + plan.conflicts;
  const reasons = [
    ...written.problems,
    ...withExamples("conflicting partition(s)", plan.conflicts, plan.examples),
    ...withExamples("folder(s) or object(s) that are not partitions", found.problems, found.examples),
    ...(plan.deletesBlocked === undefined ? [] : [plan.deletesBlocked]),
    ...(written.remaining === 0
      ? []
      : [`${written.remaining} remain for the next run, because the time was over.`]),
  ];
  const { created, updated, deleted } = written;
  const reason = written.tableIsGone ? TABLE_IS_GONE : reasons.join(" ");
  return {
    ...{ created, updated, deleted, failed },
    existed: plan.existed + written.existed,
    ignored: found.ignored + found.problems,
    status: written.tableIsGone ? "skipped" : failed > 0 ? "failed" : "synced",
    ...(reason === "" ? {} : { reason }),
  };
}

/** The number of examples in a reason. More would not fit in a row of our table. */
const MAX_EXAMPLES = 3;

function withExamples(what: string, count: number, examples: readonly string[]): readonly string[] {
  return count === 0 ? [] : [`${count} ${what}, such as ${examples.slice(0, MAX_EXAMPLES).join("; ")}.`];
}

/** The result of a plan if all of it were written. */
function expectedResult(plan: PartitionPlan): WriteResult {
  return {
    created: plan.create.length,
    existed: 0,
    updated: plan.update.length,
    deleted: plan.delete.length,
    ...{ failed: 0, remaining: 0, tableIsGone: false, problems: [] },
  };
}
