import type { AdviceAnswer, AdviceRequest } from "../contracts/partitions";
import { UserError } from "../shared/errors";
import type { Log } from "../shared/log";
import type { Budget } from "./budget";
import { type Comparison, compareTable } from "./glue/compare-table";
import { reading } from "./glue/glue-errors";
import { adviseProjection, type ProjectionAdvice } from "./glue/projection";
import { layoutOfTable, type ReadTable, readTable, type Sources, TABLE_IS_GONE } from "./glue/read-table";
import type { Layout } from "./layout/layout";

interface AdvisePorts {
  readonly sources: Sources;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Finds the properties with which Athena would find a table's partitions without registering them. With `apply`, it sets them on
 * the table. It looks at every partition in S3 and in Glue, because queries would lose a partition that the properties leave out.
 * @throws UserError when there is no such table, or it may not be read or changed.
 */
export async function adviseTable(
  { database, table: tableName, apply }: AdviceRequest,
  budget: Budget,
  { sources, log, now }: AdvisePorts,
): Promise<AdviceAnswer> {
  const table = await readTable({ database, table: tableName }, sources);
  if (table === TABLE_IS_GONE)
    throw new UserError(`There is no table ${database}.${tableName} in the catalog.`);
  if (typeof table === "string") return notEligible(table);
  const advice = await adviceOn(table, budget, now());
  if (!advice.eligible) return notEligible(advice.reason);
  const { properties, notes } = advice;
  if (apply) {
    await reading(`Setting partition projection on ${table.name}`, table.catalogId, () =>
      table.glue.addParameters(table.definition, properties),
    );
    log.info("partition projection set", { database, table: tableName, properties });
  }
  return { eligible: true, properties, applied: apply, notes };
}

async function adviceOn(table: ReadTable, budget: Budget, now: Date): Promise<ProjectionAdvice> {
  const { keys, location } = table;
  try {
    const layout = await layoutOfTable(table);
    if (layout === undefined) {
      return { eligible: false, reason: `there is no data at ${location.text} yet` };
    }
    const comparison = await compareWhole(table, layout, budget);
    const values = allValues(comparison);
    const advice = adviseProjection({ keys, layout, location, values, now });
    const obstacle = advice.eligible ? obstacleIn(comparison) : undefined;
    return obstacle === undefined ? advice : { eligible: false, reason: obstacle };
  } catch (error) {
    // A table that cannot be read should stay as it is.
    if (error instanceof UserError) return { eligible: false, reason: error.message };
    throw error;
  }
}

/** Compares all partitions of a table with the table's own format and columns. */
function compareWhole(table: ReadTable, layout: Layout, budget: Budget): Promise<Comparison> {
  const settings = { ...table.settings, update: true, cascade: true };
  const isOver = () => budget.listingIsOver();
  return compareTable({ ...table, settings }, { layout, window: {}, isLarge: true, isOver });
}

function* allValues({ found, existing }: Comparison): Generator<readonly string[]> {
  for (const [identity, partition] of existing.entries()) yield existing.valuesOf(identity, partition);
  yield* found.values();
}

/** With projection, all partitions have the table's location, format and columns. It answers the first that does not. */
function obstacleIn({ existing }: Comparison): string | undefined {
  for (const [identity, partition] of existing.entries()) {
    const name = existing.valuesOf(identity, partition).join("/");
    if (partition.location !== undefined) {
      return `its partition ${name} is at ${partition.location}, where projection would not look`;
    }
    if (partition.differs === true || partition.cascadeProblem !== undefined) {
      return (
        `its partition ${name} has other columns or another format than the table, but projection would read it with the ` +
        "table's. If the table's are right for it, set strata.partitions.update and strata.partitions.cascade = true, run " +
        "a sync, and ask for advice again"
      );
    }
  }
  return undefined;
}

function notEligible(reason: string): AdviceAnswer {
  return { eligible: false, reason, properties: {}, applied: false, notes: [] };
}
