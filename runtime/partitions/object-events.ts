import { z } from "zod";
import { UserError } from "../shared/errors";
import type { Leases } from "../shared/table/lease";
import type { Log } from "../shared/log";
import type { Budget } from "./budget";
import { comparePrefixes } from "./compare-table";
import type { SyncResult } from "../contracts/partitions";
import { chooseLayout } from "./layout/detect";
import { openTable, type Sources } from "./opened-table";
import type { Pace } from "./glue/throttle";
import { reconcile } from "./reconcile";
import type { Records, TableState } from "./table/partition-store";
import { giveBack, leaseOf } from "./sync";
import { newestOf, nextState } from "./table/table-state";

/** A batch of messages from SQS, each an event of EventBridge's about an object in S3. */
export const noticeSchema = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});

const objectSchema = z.object({
  detail: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
});

/** The messages that SQS is to give out again. */
export interface NoticeAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface NoticePorts {
  readonly sources: Sources;
  readonly leases: Leases;
  readonly records: Pick<Records, "tablesIn" | "putState">;
  readonly calls: () => number;
  /** Makes a result into metrics. */
  readonly measure: (result: SyncResult) => void;
  readonly pace: () => Pace;
  readonly log: Log;
  readonly now: () => Date;
}

/** New objects of one table. */
interface News {
  readonly state: TableState;
  readonly keys: Set<string>;
  readonly messages: Set<string>;
}

/**
 * Registers the partitions that new objects lie in, table by table. Messages of a table that is being synced, or that AWS was
 * too busy for, come again; what else goes wrong is left to the next sync, which reports it.
 */
export async function noticeObjects(
  { Records: messages }: z.infer<typeof noticeSchema>,
  owner: string,
  budget: Budget,
  ports: NoticePorts,
): Promise<NoticeAnswer> {
  const failed = new Set<string>();
  for (const news of (await sortByTable(messages, ports)).values()) {
    if (!budget.isOver() && (await take(news, owner, budget, ports))) continue;
    for (const id of news.messages) failed.add(id);
  }
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

async function sortByTable(
  messages: z.infer<typeof noticeSchema>["Records"],
  { records, log }: NoticePorts,
): Promise<ReadonlyMap<string, News>> {
  const byTable = new Map<string, News>();
  const known = new Map<string, readonly TableState[]>();
  for (const { messageId, body } of messages) {
    const object = readObject(body);
    if (object === undefined) {
      log.error("message not understood", { messageId });
      continue;
    }
    const { bucket, key } = object;
    const states = known.get(bucket) ?? (await records.tablesIn(bucket));
    known.set(bucket, states);
    const owners = tablesOf(key, states);
    // A table that no sync has seen yet will be synced whole.
    if (owners.length === 0) log.info("object of no table", { bucket, key });
    for (const state of owners) {
      const id = `${state.database}/${state.table}`;
      const news = byTable.get(id) ?? { state, keys: new Set(), messages: new Set() };
      byTable.set(id, news);
      news.keys.add(key.slice(state.prefix?.length ?? 0));
      news.messages.add(messageId);
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

/** The tables that an object lies in: those of the longest location that it lies below. */
function tablesOf(key: string, states: readonly TableState[]): readonly TableState[] {
  const above = states.filter(({ prefix }) => prefix !== undefined && key.startsWith(prefix));
  const longest = Math.max(...above.map(({ prefix = "" }) => prefix.length));
  return above.filter(({ prefix = "" }) => prefix.length === longest);
}

/** Answers whether the messages are done with. */
async function take(news: News, owner: string, budget: Budget, ports: NoticePorts): Promise<boolean> {
  const { database, table } = news.state;
  const lease = await ports.leases.take(leaseOf(news.state, ports.sources), owner);
  if (lease === undefined) return false;
  try {
    await register(news, owner, budget, ports);
    return true;
  } catch (error) {
    ports.log.warn("objects not registered", { database, table, error });
    return error instanceof UserError;
  } finally {
    await giveBack(lease);
  }
}

async function register(
  { state, keys }: News,
  owner: string,
  budget: Budget,
  { sources, records, measure, calls, pace, log, now }: NoticePorts,
): Promise<void> {
  const { catalogId } = sources;
  const { database, table } = state;
  const started = { at: now().getTime(), calls: calls() };
  const opened = await openTable(state, sources);
  if (typeof opened === "string") {
    log.info("objects of a table that is left alone", { database, table, reason: opened });
    return;
  }
  const folders = new Set([...keys].map((key) => key.slice(0, key.lastIndexOf("/") + 1)));
  const known = opened.settings.layout ?? state.layout;
  const layout = chooseLayout({ keys: opened.keys, layout: known, samples: [...folders] });
  if (layout === undefined) return;
  const prefixes = new Set([...keys].flatMap((key) => layout.partitionPrefix(key) ?? []));
  const comparison = await comparePrefixes(opened, layout, [...prefixes], catalogId);
  const scope = { catalogId, dryRun: false, isWhole: false, now: now(), budget, pace: pace() };
  const done = await reconcile(opened, comparison, scope);
  const { newestUntil, ...newest } = newestOf(comparison, {}, now());
  const seconds = (now().getTime() - started.at) / 1000;
  const names = { database, table, runId: `notice-${owner}`, dryRun: false, layout: layout.name };
  measure({ ...done, ...names, seconds, calls: calls() - started.calls });
  log.info("objects noticed", { database, table, objects: keys.size, ...done });
  // Most objects lie in a partition that is known; only a new one tells anything of the table.
  if (done.created > 0 && newest.newest !== undefined) {
    await records.putState(nextState(state, { ...state, ...newest }, { ...state, newestUntil }, now()));
  }
}
