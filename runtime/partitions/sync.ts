import { z } from "zod";
import { UpstreamError, UserError } from "../shared/errors";
import type { Lease, Leases } from "../shared/table/lease";
import type { Log } from "../shared/log";
import { adviseProjection } from "./advice";
import type { Budget } from "./budget";
import { compareTable, type Comparison } from "./compare-table";
import { NOTHING, type SyncAnswer, type SyncRequest, type SyncResult } from "../contracts/partitions";
import { ensureIndexes } from "./ensure-indexes";
import { kindOf } from "./glue/glue-errors";
import { READS_PER_CALL } from "./glue/limits";
import { layoutOfTable, openTable, TABLE_IS_GONE, type OpenedTable, type Sources } from "./opened-table";
import type { Pace } from "./glue/throttle";
import { readAhead } from "./glue/read-existing";
import { reconcile, type Reconciled } from "./reconcile";
import type { Records, TableState } from "./table/partition-store";
import { newestOf, nextState, type Knowledge } from "./table/table-state";
import { isEverything, planWindow } from "./layout/window";

/** Payload of the sync: one table of the survey's list. */
export const syncSchema = z.object({
  runId: z.string().min(1),
  database: z.string().min(1),
  table: z.string().min(1),
  from: z.string().optional(),
  to: z.string().optional(),
  full: z.boolean().optional(),
  dryRun: z.boolean().optional(),
}) satisfies z.ZodType<SyncRequest>;

export interface SyncPorts {
  readonly sources: Sources;
  readonly leases: Leases;
  readonly records: Records;
  /** Requests to Glue and S3 so far. */
  readonly calls: () => number;
  /** Makes a result into metrics. */
  readonly measure: (result: SyncResult) => void;
  readonly pace: () => Pace;
  readonly log: Log;
  readonly now: () => Date;
}

/** Days to look at where neither the run nor the table says so. */
export interface SyncDefaults {
  readonly lookBackDays: number;
  readonly lookAheadDays: number;
}

/** What a sync found out of a table beside its counts. */
interface Findings extends Reconciled, Pick<SyncResult, "layout" | "newest" | "newestAt"> {
  readonly knowledge?: Knowledge;
}

/**
 * Brings one table's partitions in line with S3. Whatever comes of it is a result that is recorded and measured; only what
 * keeps it from being recorded is thrown.
 */
export async function syncTable(
  request: SyncRequest,
  defaults: SyncDefaults,
  budget: Budget,
  ports: SyncPorts,
): Promise<SyncAnswer> {
  const { runId, database, table, dryRun = false } = request;
  const { records, leases, log, now } = ports;
  const started = { at: now().getTime(), calls: ports.calls() };
  // The run is the owner: when the state machine tries a table again, it need not wait for the attempt that died.
  const lease = await leases.take(leaseOf(request, ports.sources), runId);
  const reading = lease === undefined ? undefined : records.state(database, table);
  const findings = reading === undefined ? BUSY : await attempt(request, defaults, budget, ports, reading);
  const previous = await reading;
  const { knowledge, ...known } = findings;
  const seconds = (now().getTime() - started.at) / 1000;
  const calls = ports.calls() - started.calls;
  const result: SyncResult = { ...known, runId, database, table, dryRun, seconds, calls };
  try {
    const state = nextState(previous, result, knowledge, now());
    const isNews = lease !== undefined && !dryRun;
    await Promise.all([records.putResult(result), ...(isNews ? [records.putState(state)] : [])]);
  } finally {
    if (lease !== undefined) await giveBack(lease);
  }
  ports.measure(result);
  log.info("table synced", { ...result, newest: undefined });
  return { status: result.status, failed: result.failed };
}

/** Gives a lease back whoever asked for it: they were told that the table is being synced, and come again by themselves. */
export async function giveBack(lease: Lease): Promise<void> {
  let isFree = false;
  while (!isFree) isFree = await lease.release();
}

/** The name that a table is leased by. */
export function leaseOf(
  { database, table }: Pick<SyncRequest, "database" | "table">,
  { catalogId }: Pick<Sources, "catalogId">,
): string {
  return `partitions/${catalogId}/${database}/${table}`;
}

const BUSY: Findings = { ...NOTHING, status: "skipped", reason: "it is being synced already" };

async function attempt(
  request: SyncRequest,
  defaults: SyncDefaults,
  budget: Budget,
  ports: SyncPorts,
  reading: Promise<TableState | undefined>,
): Promise<Findings> {
  try {
    return await sync(request, defaults, budget, ports, reading);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (kindOf(error) === "gone") return { ...NOTHING, status: "skipped", reason: TABLE_IS_GONE };
    if (error instanceof UserError) return { ...NOTHING, status: "refused", reason };
    // A table that fails as a whole counts as one, or nobody would hear of it.
    const failed = { ...NOTHING, status: "failed", failed: 1, reason } as const;
    if (!(error instanceof UpstreamError)) ports.log.error("sync failed", { error, ...request });
    return failed;
  }
}

async function sync(
  request: SyncRequest,
  defaults: SyncDefaults,
  budget: Budget,
  { sources, pace, now }: SyncPorts,
  reading: Promise<TableState | undefined>,
): Promise<Findings> {
  const { catalogId } = sources;
  const { dryRun = false } = request;
  const [found, previous] = await Promise.all([openTable(request, sources), reading]);
  if (typeof found === "string") return { ...NOTHING, status: "skipped", reason: found };
  const { location, settings } = found;
  const window = planWindow(request, settings, defaults, now());
  const isLarge = previous !== undefined && previous.created + previous.existed > READS_PER_CALL;
  // All of its partitions are read whatever the layout, so that need not wait for it.
  const glue = isEverything(window)
    ? readAhead(found.glue, { columns: settings.cascade, isLarge })
    : found.glue;
  const opened = { ...found, glue };
  const place = { bucket: location.bucket, prefix: location.prefix };
  const layout = await layoutOfTable(opened, catalogId);
  if (layout === undefined) {
    return { ...NOTHING, status: "synced", reason: `nothing lies at ${location.text} yet`, knowledge: place };
  }
  const look = { layout, window, catalogId, isLarge };
  const comparison = await compareTable(opened, look, () => budget.listingIsOver());
  const scope = { catalogId, dryRun, isWhole: true, now: now(), budget, pace: pace() };
  const done = await reconcile(opened, comparison, scope);
  const indexProblem = dryRun ? undefined : await ensureIndexes(opened, catalogId);
  const { newestUntil, ...newest } = newestOf(comparison, window, now());
  const advice = adviceOn(opened, comparison, now());
  return {
    ...done,
    reason: [done.reason, indexProblem].filter((text) => text !== undefined).join(" ") || undefined,
    layout: layout.name,
    ...newest,
    knowledge: { ...place, newestUntil, freshnessHours: settings.freshnessHours, advice },
  };
}

/** Partitions that the hint about projection goes by; the advice itself goes by all of them. */
const HINT_VALUES = 200;

/** Tells of a table that Athena could do without registered partitions for. */
function adviceOn({ keys, location }: OpenedTable, { found }: Comparison, now: Date): string | undefined {
  const values: (readonly string[])[] = [];
  for (const some of found.values()) if (values.push(some) === HINT_VALUES) break;
  const { eligible } = adviseProjection({ keys, layout: found.layout, location, values, now });
  return eligible && values.length > 0
    ? "could use partition projection: ./strata partitions advice shows the properties"
    : undefined;
}
