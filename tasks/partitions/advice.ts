import { z } from "zod";
import {
  type AdviceAnswer,
  adviceAnswerSchema,
  type AdviceRequest,
} from "../../runtime/contracts/partitions";
import { openPartitionStore, type TableName } from "../../runtime/partitions/table/partition-store";
import { TaskError } from "../cli/output";
import type { Connection } from "../platform/connection";
import { invokeFunction } from "../platform/functions";

/** The advice for one table: whether it could use partition projection, and the table properties that switch it on. */
export type TableAdvice = TableName & AdviceAnswer;

/** Asks for the advice for all known tables with these names. `apply` sets the properties. */
export async function adviseTables(
  connection: Connection,
  { database, table }: Partial<TableName>,
  apply: boolean,
): Promise<TableAdvice[]> {
  // A single table need not be known from an earlier run.
  if (database !== undefined && table !== undefined) {
    return [await adviseTable(connection, { database, table, apply })];
  }
  const states = await openPartitionStore(connection.table(), () => new Date()).states();
  const chosen = states.filter((state) => state.database === (database ?? state.database));
  const advice: TableAdvice[] = [];
  for (const state of chosen) {
    advice.push(await adviseTable(connection, { database: state.database, table: state.table, apply }));
  }
  return advice;
}

/** The error of a function, as `invokeFunction` throws it. */
const functionErrorSchema = z.object({ cause: z.object({ errorMessage: z.string() }) });

async function adviseTable(connection: Connection, request: AdviceRequest): Promise<TableAdvice> {
  const { database, table } = request;
  const { advisor } = connection.outputs.partitions;
  const answer = await invokeFunction(connection, advisor, request).catch((error: unknown) => {
    const thrown = functionErrorSchema.safeParse(error);
    throw thrown.success ? new TaskError(thrown.data.cause.errorMessage, { cause: error }) : error;
  });
  return { database, table, ...adviceAnswerSchema.parse(answer) };
}

/** The properties of each table, ready to be copied, or why it has none. */
export function renderAdvice(advice: readonly TableAdvice[]): string {
  return advice
    .map(({ database, table, eligible, reason, properties, applied, notes }) => {
      const name = `${database}.${table}`;
      if (!eligible) return `${name}: no partition projection: ${reason ?? "no reason given"}`;
      const verb = applied ? "uses partition projection now" : "could use partition projection";
      return [
        `${name} ${verb}:`,
        ...Object.entries(properties).map(([key, value]) => `  ${key} = ${value}`),
        ...notes,
      ].join("\n");
    })
    .join("\n");
}
