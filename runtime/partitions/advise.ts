import { z } from "zod";
import { UserError } from "../shared/errors";
import type { Log } from "../shared/log";
import { adviseProjection, type Advice } from "./advice";
import type { Budget } from "./budget";
import { compareTable, type Comparison } from "./compare-table";
import { reading } from "./glue/glue-errors";
import type { Layout } from "./layout/layout";
import { layoutOfTable, openTable, TABLE_IS_GONE, type OpenedTable, type Sources } from "./opened-table";

/** Payload of the advice. */
export const adviceSchema = z.strictObject({
  database: z.string().min(1),
  table: z.string().min(1),
  apply: z.boolean().default(false),
});

/** Whether a table could do with partition projection, and by which table parameters. */
export interface AdviceAnswer {
  readonly eligible: boolean;
  /** Why it could not. */
  readonly reason?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly applied: boolean;
  /** What whoever sets them must know, a sentence each. */
  readonly notes: readonly string[];
}

interface AdvisePorts {
  readonly sources: Sources;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Works out the properties by which Athena would find a table's partitions without any being registered; with `apply`, sets
 * them on the table. It goes by every partition there is, in S3 and in Glue, since one left out would be lost to queries.
 * @throws UserError when there is no such table, or it may not be read or changed.
 */
export async function adviseTable(
  { database, table, apply }: z.infer<typeof adviceSchema>,
  budget: Budget,
  { sources, log, now }: AdvisePorts,
): Promise<AdviceAnswer> {
  const { catalogId } = sources;
  const name = `${database}.${table}`;
  const opened = await openTable({ database, table }, sources);
  if (opened === TABLE_IS_GONE) throw new UserError(`There is no table ${name} in the catalog.`);
  if (typeof opened === "string") return refusal(opened);
  const advice = await adviceOn(opened, catalogId, budget, now());
  if (!advice.eligible) return refusal(advice.reason);
  const { properties, notes } = advice;
  if (apply) {
    await reading(`Setting partition projection on ${name}`, catalogId, () =>
      opened.glue.addParameters(opened.read, properties),
    );
    log.info("partition projection set", { database, table, properties });
  }
  return { eligible: true, properties, applied: apply, notes };
}

async function adviceOn(opened: OpenedTable, catalogId: string, budget: Budget, now: Date): Promise<Advice> {
  const { keys, location } = opened;
  try {
    const layout = await layoutOfTable(opened, catalogId);
    if (layout === undefined) return { eligible: false, reason: `nothing lies at ${location.text} yet` };
    const comparison = await compareWhole(opened, layout, catalogId, budget);
    const values = allValues(comparison);
    const advice = adviseProjection({ keys, layout, location, values, now });
    const obstacle = advice.eligible ? obstacleIn(comparison) : undefined;
    return obstacle === undefined ? advice : { eligible: false, reason: obstacle };
  } catch (error) {
    // A table that cannot be read is one to leave as it is.
    if (error instanceof UserError) return { eligible: false, reason: error.message };
    throw error;
  }
}

/** Compares all of a table's partitions, as if each were to be just like the table. */
function compareWhole(
  opened: OpenedTable,
  layout: Layout,
  catalogId: string,
  budget: Budget,
): Promise<Comparison> {
  const settings = { ...opened.settings, update: true, cascade: true };
  const scope = { layout, window: {}, catalogId, isLarge: true };
  return compareTable({ ...opened, settings }, scope, () => budget.listingIsOver());
}

function* allValues({ found, existing }: Comparison): Generator<readonly string[]> {
  for (const [identity, have] of existing.entries()) yield existing.valuesOf(identity, have);
  yield* found.values();
}

/** Projection knows one place and one description for all partitions: those of the table. */
function obstacleIn({ existing }: Comparison): string | undefined {
  for (const [identity, have] of existing.entries()) {
    const name = existing.valuesOf(identity, have).join("/");
    if (have.location !== undefined) {
      return `its partition ${name} lies at ${have.location}, where projection would not look`;
    }
    if (have.differs === true || have.refusal !== undefined) {
      return (
        `its partition ${name} has other columns or another format than the table, by which projection would read it. Where ` +
        "the table's are right for it, set strata.partitions.update and strata.partitions.cascade = true, sync, and ask again"
      );
    }
  }
  return undefined;
}

function refusal(reason: string): AdviceAnswer {
  return { eligible: false, reason, properties: {}, applied: false, notes: [] };
}
