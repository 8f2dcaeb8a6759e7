import { writeAll } from "../../shared/table/writes";
import type { Table } from "../../shared/table/open-table";
import { partitionEntities } from "./entities";
import type { SyncResult } from "../../contracts/partitions";

/** Where a table stands: what its last run came to, and what is known of it besides. */
export interface TableState extends SyncResult {
  /** When it was last looked at (ISO). */
  readonly at: string;
  /** Where its objects lie, once that is known. The prefix is empty or ends with `/`. */
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
  /** Where the time of the newest partition ends, or, if there was none, where the last window began (ISO). */
  readonly newestUntil?: string | undefined;
  /** Hours of its own after which it is stale. */
  readonly freshnessHours?: number | undefined;
  readonly advice?: string | undefined;
}

/** What is kept of runs and tables. */
export interface Records {
  state(database: string, table: string): Promise<TableState | undefined>;
  states(): Promise<readonly TableState[]>;
  /** The tables whose objects lie in this bucket. */
  tablesIn(bucket: string): Promise<readonly TableState[]>;
  putState(state: TableState): Promise<void>;
  /** Forgets where tables stand. */
  remove(tables: readonly Pick<TableState, "database" | "table">[]): Promise<void>;
  results(runId: string): Promise<readonly SyncResult[]>;
  putResult(result: SyncResult): Promise<void>;
}

/** Results of runs are kept for 90 days. */
const RESULT_SECONDS = 90 * 24 * 3600;

/** The records over the table. `now` decides when results expire. */
export function openRecords(table: Table, now: () => Date): Records {
  const { partitionTable, partitionRun } = partitionEntities(table);
  return {
    state: async (database, table) =>
      placed((await partitionTable.get({ database, table }).go({ consistent: true })).data ?? undefined),
    states: async () => (await partitionTable.query.byName({}).go({ pages: "all" })).data.map(placed),
    tablesIn: async (bucket) => (await partitionTable.query.byBucket({ bucket }).go({ pages: "all" })).data,
    putState: async (state) => {
      const { bucket = "", prefix = "", newest } = state;
      await partitionTable.put(present({ ...state, bucket, prefix, newest: copyOf(newest) })).go();
    },
    remove: (tables) =>
      writeAll(
        tables.map(({ database, table }) => ({ database, table })),
        (batch) => partitionTable.delete(batch).go(),
      ),
    results: async (runId) =>
      (await partitionRun.query.byRun({ runId }).go({ pages: "all", consistent: true })).data,
    putResult: async (result) => {
      const expires = Math.floor(now().getTime() / 1000) + RESULT_SECONDS;
      await partitionRun.put(present({ ...result, newest: copyOf(result.newest), expires })).go();
    },
  };
}

const copyOf = (values: readonly string[] | undefined): string[] | undefined =>
  values === undefined ? undefined : [...values];

/** Gives a place that is not known as undefined; an index takes no item without its attributes. */
function placed<T extends TableState | undefined>(state: T): T {
  return state?.bucket === "" ? { ...state, bucket: undefined, prefix: undefined } : state;
}

/** Leaves out what is undefined, since an absent attribute is not an undefined one. */
function present<T extends object>(fields: T) {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}
