import { z } from "zod";
import { UserError } from "../shared/errors";
import type { Log } from "../shared/log";
import { adviseProjection } from "./advice";
import { reading } from "./glue-errors";
import { layoutOfTable, openTable, TABLE_IS_GONE, type Sources } from "./opened-table";
import { readPartitions } from "./read-existing";

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
}

/**
 * Works out the properties by which Athena would find a table's partitions without any being registered; with `apply`, sets
 * them on the table.
 * @throws UserError when there is no such table, or it may not be read or changed.
 */
export async function adviseTable(
  { database, table, apply }: z.infer<typeof adviceSchema>,
  { sources, log, now }: { readonly sources: Sources; readonly log: Log; readonly now: () => Date },
): Promise<AdviceAnswer> {
  const { catalogId } = sources;
  const name = `${database}.${table}`;
  const opened = await openTable({ database, table }, sources);
  if (opened === TABLE_IS_GONE) throw new UserError(`There is no table ${name} in the catalog.`);
  if (typeof opened === "string") return refusal(opened);
  const layout = await layoutOfTable(opened, catalogId);
  if (layout === undefined) return refusal(`nothing lies at ${opened.location.text} yet`);
  const values: (readonly string[])[] = [];
  await reading(`Reading the partitions of ${name}`, catalogId, () =>
    readPartitions(
      opened.glue,
      { expression: undefined, columns: false, isLarge: false },
      ({ Values = [] }) => values.push(Values),
    ),
  );
  const { keys, location, glue, read } = opened;
  const advice = adviseProjection({ keys, layout, location, values, now: now() });
  if (!advice.eligible) return refusal(advice.reason);
  const { properties } = advice;
  if (apply) {
    await reading(`Setting partition projection on ${name}`, catalogId, () =>
      glue.addParameters(read, properties),
    );
    log.info("partition projection set", { database, table, properties });
  }
  return { eligible: true, properties, applied: apply };
}

function refusal(reason: string): AdviceAnswer {
  return { eligible: false, reason, properties: {}, applied: false };
}
