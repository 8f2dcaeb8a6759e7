import { writeAll } from "../../shared/table/writes";
import type { Table } from "../../shared/table/open-table";
import { partitionEntities, type SyncResult, type TableState } from "./entities";

/** The names of a Glue table. */
export type TableName = Pick<TableState, "database" | "table">;

/** The partition manager's rows in our table: the state of each Glue table, and the results of each run. */
export interface PartitionStore {
  state(name: TableName): Promise<TableState | undefined>;
  states(): Promise<readonly TableState[]>;
  /** The states of the Glue tables whose objects are in this bucket. */
  statesInBucket(bucket: string): Promise<readonly TableState[]>;
  putState(state: TableState): Promise<void>;
  deleteStates(names: readonly TableName[]): Promise<void>;
  results(runId: string): Promise<readonly SyncResult[]>;
  putResult(result: SyncResult): Promise<void>;
}

/** Results of runs are kept for 90 days. */
const RESULT_SECONDS = 90 * 24 * 3600;

/** Opens the rows in our table. `now` decides when results expire. */
export function openPartitionStore(table: Table, now: () => Date): PartitionStore {
  const { tableState, syncResult } = partitionEntities(table);
  return {
    state: async ({ database, table }) =>
      withPlace((await tableState.get({ database, table }).go({ consistent: true })).data ?? undefined),
    states: async () => (await tableState.query.byName({}).go({ pages: "all" })).data.map(withPlace),
    statesInBucket: async (bucket) => (await tableState.query.byBucket({ bucket }).go({ pages: "all" })).data,
    putState: async (state) => {
      const { bucket = "", prefix = "", newest } = state;
      await tableState.put(withoutUndefined({ ...state, bucket, prefix, newest: copyOf(newest) })).go();
    },
    deleteStates: (names) =>
      writeAll(
        names.map(({ database, table }) => ({ database, table })),
        (batch) => tableState.delete(batch).go(),
      ),
    results: async (runId) =>
      (await syncResult.query.byRun({ runId }).go({ pages: "all", consistent: true })).data,
    putResult: async (result) => {
      const expires = Math.floor(now().getTime() / 1000) + RESULT_SECONDS;
      await syncResult.put(withoutUndefined({ ...result, newest: copyOf(result.newest), expires })).go();
    },
  };
}

const copyOf = (values: readonly string[] | undefined): string[] | undefined =>
  values === undefined ? undefined : [...values];

/** A row has an empty bucket while its place is not known, because an index needs all of its attributes. */
function withPlace<T extends TableState | undefined>(state: T): T {
  return state?.bucket === "" ? { ...state, bucket: undefined, prefix: undefined } : state;
}

/** DynamoDB stores no undefined attributes. */
function withoutUndefined<T extends object>(fields: T) {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}
