import { countCalls } from "../../../runtime/partitions/clients";
import { budgetOf, type Budget } from "../../../runtime/partitions/budget";
import type { SyncRequest } from "../../../runtime/contracts/partitions";
import { openFolders } from "../../../runtime/partitions/lake/folders";
import { openGlueTable } from "../../../runtime/partitions/glue/glue-table";
import { Throttle } from "../../../runtime/partitions/glue/throttle";
import type { SyncResult, TableState } from "../../../runtime/partitions/table/entities";
import type { PartitionStore, TableName } from "../../../runtime/partitions/table/partition-store";
import { syncTable, type SyncPorts } from "../../../runtime/partitions/sync";
import type { Lease, Leases } from "../../../runtime/shared/table/lease";
import { NOW, now, recordingLog } from "../shared/recorder";
import { FakeBuckets } from "./lake/fake-bucket";
import { FakeGlue } from "./glue/fake-glue";

/** Leases in memory, with their owners. */
class FakeLeases implements Leases {
  readonly held = new Map<string, string>();

  take = (name: string, owner: string): Promise<Lease | undefined> => {
    if ((this.held.get(name) ?? owner) !== owner) return Promise.resolve(undefined);
    this.held.set(name, owner);
    const giveBack = () => Promise.resolve(this.held.delete(name));
    const abandon = async () => void (await giveBack());
    return Promise.resolve({ inherited: false, release: giveBack, abandon });
  };
}

/** The rows in memory. */
class FakePartitionStore implements PartitionStore {
  readonly kept = new Map<string, TableState>();
  readonly done: SyncResult[] = [];

  state = ({ database, table }: TableName) => Promise.resolve(this.kept.get(`${database}.${table}`));
  states = () => Promise.resolve([...this.kept.values()]);
  statesInBucket = (bucket: string) =>
    Promise.resolve([...this.kept.values()].filter((state) => state.bucket === bucket));
  results = (runId: string) => Promise.resolve(this.done.filter((result) => result.runId === runId));
  putState = (state: TableState) =>
    Promise.resolve(void this.kept.set(`${state.database}.${state.table}`, state));
  putResult = (result: SyncResult) => Promise.resolve(void this.done.push(result));
  deleteStates = (tables: readonly TableName[]) => {
    for (const { database, table } of tables) this.kept.delete(`${database}.${table}`);
    return Promise.resolve();
  };
}

/** A catalog, a lake and everything else that a sync needs, in memory. */
export class World {
  readonly glue = new FakeGlue();
  readonly buckets = new FakeBuckets();
  readonly leases = new FakeLeases();
  readonly store = new FakePartitionStore();
  readonly log = recordingLog();
  readonly measured: SyncResult[] = [];
  readonly pauses: number[] = [];
  catalogId = "";
  budget: Budget = budgetOf(() => Infinity);

  ports(): SyncPorts {
    const glue = this.glue.client();
    const s3 = this.buckets.client();
    const { catalogId, leases, store, log } = this;
    const clock = { pause: (wait: number) => Promise.resolve(this.pauses.push(wait)), random: () => 0.5 };
    return {
      sources: {
        catalogId,
        table: ({ database, table }) => openGlueTable(glue, { catalogId, database, table }),
        folders: (bucket) => openFolders(s3, bucket),
      },
      calls: countCalls(glue, s3),
      measure: (result) => this.measured.push(result),
      throttle: () => new Throttle(10, clock),
      ...{ leases, store, log, now },
    };
  }

  /** Syncs `raw.events`, by default over everything, and answers the stored result. */
  async sync(more: Partial<SyncRequest> = {}): Promise<SyncResult> {
    const request = {
      runId: "run",
      database: "raw",
      table: "events",
      full: more.from === undefined,
      ...more,
    };
    await syncTable(request, { lookBackDays: 3, lookAheadDays: 0 }, this.budget, this.ports());
    const result = this.store.done.at(-1);
    if (result === undefined) throw new Error("no result");
    return result;
  }

  /** Adds the table `raw.events` at `s3://lake/events/`, partitioned by these keys. */
  table(keys: readonly string[], parameters: Readonly<Record<string, string>> = {}): void {
    this.glue.add("raw", {
      Name: "events",
      TableType: "EXTERNAL_TABLE",
      Parameters: parameters,
      PartitionKeys: keys.map((key) => {
        const [Name = "", Type = "string"] = key.split(":");
        return { Name, Type };
      }),
      StorageDescriptor: {
        Location: "s3://lake/events/",
        Columns: [{ Name: "id", Type: "bigint" }],
        InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
        SerdeInfo: { SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
      },
    });
  }

  /** Puts an object into each of these folders below the table's location. */
  fill(...prefixes: readonly string[]): void {
    this.buckets.put("lake", ...prefixes.map((prefix) => `events/${prefix}data.json`));
  }
}

/** `count` folders of days and hours going back from now: `2026/11/21/09/`. */
export function hoursBack(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(NOW.getTime() - index * 3_600_000).toISOString().slice(0, 13).replace(/[-T]/g, "/").concat("/"),
  );
}

/** A world with `count` hours in the bucket, and a table that sets their layout. */
export function hourly(count: number, parameters: Readonly<Record<string, string>> = {}): World {
  const world = new World();
  world.table(["year", "month", "day", "hour"], { ...HOURLY, ...parameters });
  world.fill(...hoursBack(count));
  return world;
}

/** Parameters of a table whose folders are hours. */
export const HOURLY = { "strata.partitions.layout": "{year}/{month}/{day}/{hour}" };
