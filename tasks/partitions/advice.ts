import { z } from "zod";
import { openPartitionStore } from "../../runtime/partitions/table/partition-store";
import type { Connection } from "../platform/connection";
import { invokeFunction } from "../platform/functions";
import { TaskError } from "../cli/output";

const answer = z.object({
  eligible: z.boolean(),
  reason: z.string().optional(),
  properties: z.record(z.string(), z.string()),
  applied: z.boolean(),
  notes: z.array(z.string()),
});

/** What the function throws is told by its message alone. */
const thrownSchema = z.object({ cause: z.object({ errorMessage: z.string() }) });

/** Whether a table could do without registered partitions, and the table properties that make it so. */
export type Advice = { readonly database: string; readonly table: string } & z.infer<typeof answer>;

/** Asks for one table. `apply` sets the properties. */
async function adviseTable(
  connection: Connection,
  { database, table }: { readonly database: string; readonly table: string },
  apply: boolean,
): Promise<Advice> {
  const payload = { database, table, apply };
  const given = await invokeFunction(connection, connection.outputs.partitions.advisor, payload).catch(
    (error: unknown) => {
      const thrown = thrownSchema.safeParse(error);
      throw thrown.success ? new TaskError(thrown.data.cause.errorMessage, { cause: error }) : error;
    },
  );
  return { database, table, ...answer.parse(given) };
}

/** Asks for every table that is known and fits the names; `apply` sets the properties. */
export async function adviseTables(
  connection: Connection,
  names: { readonly database?: string; readonly table?: string },
  apply: boolean,
): Promise<Advice[]> {
  const { database, table } = names;
  // A table that no run has seen yet may be asked for as well.
  if (database !== undefined && table !== undefined) {
    return [await adviseTable(connection, { database, table }, apply)];
  }
  const states = await openPartitionStore(connection.table(), () => new Date()).states();
  const chosen = states.filter((state) => state.database === (database ?? state.database));
  const advice: Advice[] = [];
  for (const state of chosen) advice.push(await adviseTable(connection, state, apply));
  return advice;
}

/** The properties of each table, ready to be copied, or why there are none. */
export function renderAdvice(advice: readonly Advice[]): string {
  return advice
    .map(({ database, table, eligible, reason, properties, applied, notes }) => {
      const name = `${database}.${table}`;
      if (!eligible) return `${name}: no partition projection, since ${reason ?? "nothing tells"}`;
      const verb = applied ? "uses partition projection now" : "could use partition projection";
      return [
        `${name} ${verb}:`,
        ...Object.entries(properties).map(([key, value]) => `  ${key} = ${value}`),
        ...notes,
      ].join("\n");
    })
    .join("\n");
}
