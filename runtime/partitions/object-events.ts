import { z } from "zod";
import { UserError } from "../shared/errors";
import type { Budget } from "./budget";
import { comparePrefixes } from "./glue/compare-table";
import { readTable } from "./glue/read-table";
import { reconcile } from "./glue/reconcile";
import { newestOf } from "./lake/found-partitions";
import { chooseLayout } from "./layout/choose-layout";
import { leaseName, releaseLease, type SyncPorts } from "./sync";
import type { TableState } from "./table/entities";
import type { PartitionStore } from "./table/partition-store";
import { nextState } from "./table/table-state";

/** A batch of messages from SQS. Each is EventBridge's event about an object in S3. */
export const objectEventsSchema = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});
type ObjectEvents = z.infer<typeof objectEventsSchema>;

const objectSchema = z.object({
  detail: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
});

/** The messages that SQS should deliver again. */
export interface ObjectEventsAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

interface ObjectEventsPorts extends Omit<SyncPorts, "store"> {
  readonly store: Pick<PartitionStore, "statesInBucket" | "putState">;
}

/** The new objects of one table, and the messages about them. */
interface NewObjects {
  readonly state: TableState;
  /** Keys below the table's location. */
  readonly keys: Set<string>;
  readonly messages: Set<string>;
}

/**
 * Registers the partitions of new objects, table by table. Messages are delivered again if the table is being synced or AWS was
 * busy. Other errors are left to the next sync, which reports them.
 */
export async function handleObjectEvents(
  { Records: messages }: ObjectEvents,
  owner: string,
  budget: Budget,
  ports: ObjectEventsPorts,
): Promise<ObjectEventsAnswer> {
  const failed = new Set<string>();
  for (const objects of (await groupByTable(messages, ports)).values()) {
    if (!budget.isOver() && (await handleTable(objects, owner, budget, ports))) continue;
    for (const id of objects.messages) failed.add(id);
  }
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

async function groupByTable(
  messages: ObjectEvents["Records"],
  { store, log }: ObjectEventsPorts,
): Promise<ReadonlyMap<string, NewObjects>> {
  const byTable = new Map<string, NewObjects>();
  const statesByBucket = new Map<string, readonly TableState[]>();
  for (const { messageId, body } of messages) {
    const object = readObject(body);
    if (object === undefined) {
      log.error("message not understood", { messageId });
      continue;
    }
    const { bucket, key } = object;
    const states = statesByBucket.get(bucket) ?? (await store.statesInBucket(bucket));
    statesByBucket.set(bucket, states);
    const tables = tablesOf(key, states);
    // A table without a state has never been synced. Its first sync will find the object.
    if (tables.length === 0) log.info("object of no table", { bucket, key });
    for (const state of tables) {
      const id = `${state.database}/${state.table}`;
      const objects = byTable.get(id) ?? { state, keys: new Set(), messages: new Set() };
      byTable.set(id, objects);
      objects.keys.add(key.slice(state.prefix?.length ?? 0));
      objects.messages.add(messageId);
    }
  }
  return byTable;
}

function readObject(body: string): { readonly bucket: string; readonly key: string } | undefined {
  try {
    const { bucket, object } = objectSchema.parse(JSON.parse(body)).detail;
    return { bucket: bucket.name, key: object.key };
  } catch {
    return undefined;
  }
}

/** The tables that contain an object: of all locations above it, those with the longest prefix. */
function tablesOf(key: string, states: readonly TableState[]): readonly TableState[] {
  const above = states.filter(({ prefix }) => prefix !== undefined && key.startsWith(prefix));
  const longest = Math.max(...above.map(({ prefix = "" }) => prefix.length));
  return above.filter(({ prefix = "" }) => prefix.length === longest);
}

/** Handles the new objects of a table. It answers whether their messages are done. */
async function handleTable(
  objects: NewObjects,
  owner: string,
  budget: Budget,
  ports: ObjectEventsPorts,
): Promise<boolean> {
  const { database, table } = objects.state;
  const lease = await ports.leases.take(leaseName(objects.state, ports.sources), owner);
  if (lease === undefined) return false;
  try {
    await registerPartitions(objects, owner, budget, ports);
    return true;
  } catch (error) {
    ports.log.warn("partitions not registered", { database, table, error });
    return error instanceof UserError;
  } finally {
    await releaseLease(lease);
  }
}

async function registerPartitions(
  { state, keys }: NewObjects,
  owner: string,
  budget: Budget,
  { sources, store, measure, calls, throttle, log, now }: ObjectEventsPorts,
): Promise<void> {
  const names = { database: state.database, table: state.table };
  const started = { at: now().getTime(), calls: calls() };
  const table = await readTable(names, sources);
  if (typeof table === "string") {
    log.info("table skipped", { ...names, reason: table });
    return;
  }
  const folders = new Set([...keys].map((key) => key.slice(0, key.lastIndexOf("/") + 1)));
  const setting = table.settings.layout ?? state.layout;
  const layout = chooseLayout({ keys: table.keys, layout: setting, samples: [...folders] });
  if (layout === undefined) return;
  const prefixes = new Set([...keys].flatMap((key) => layout.partitionPrefix(key) ?? []));
  const comparison = await comparePrefixes(table, layout, prefixes);
  const done = await reconcile(table, comparison, {
    ...{ dryRun: false, isComplete: false, now: now(), throttle: throttle() },
    isOver: () => budget.isOver(),
  });
  const seconds = (now().getTime() - started.at) / 1000;
  const run = { runId: `object-events-${owner}`, dryRun: false, layout: layout.name };
  measure({ ...done, ...names, ...run, seconds, calls: calls() - started.calls });
  log.info("new objects handled", { ...names, objects: keys.size, ...done });
  const { newestUntil, ...newest } = newestOf(comparison.found, now());
  // Most objects belong to partitions that exist already. Only a new partition changes the table's state.
  if (done.created > 0 && newest.newest !== undefined) {
    await store.putState(nextState(state, { ...state, ...newest }, { ...state, newestUntil }, now()));
  }
}
