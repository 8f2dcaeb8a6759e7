import type { SyncAnswer, SyncRequest } from "../contracts/partitions";
import { UpstreamError, UserError } from "../shared/errors";
import type { Log } from "../shared/log";
import type { Lease, Leases } from "../shared/table/lease";
import type { Budget } from "./budget";
import { type Comparison, compareTable } from "./glue/compare-table";
import { kindOf } from "./glue/glue-errors";
import { READS_PER_CALL } from "./glue/glue-table";
import { ensureIndexes } from "./glue/partition-indexes";
import { adviseProjection } from "./glue/projection";
import { readAhead } from "./glue/read-existing";
import { layoutOfTable, type ReadTable, readTable, type Sources, TABLE_IS_GONE } from "./glue/read-table";
import { reconcile, type ReconcileResult } from "./glue/reconcile";
import type { Throttle } from "./glue/throttle";
import { newestOf } from "./lake/found-partitions";
import { isEverything, planWindow } from "./layout/window";
import type { SyncResult, TableState } from "./table/entities";
import type { PartitionStore, TableName } from "./table/partition-store";
import { nextState, NO_CHANGES, type TableDetails } from "./table/table-state";

export interface SyncPorts {
  readonly sources: Sources;
  readonly leases: Leases;
  readonly store: PartitionStore;
  /** Requests to Glue and S3 so far. */
  readonly calls: () => number;
  /** Publishes the metrics of a result. */
  readonly measure: (result: SyncResult) => void;
  readonly throttle: () => Throttle;
  readonly log: Log;
  readonly now: () => Date;
}

/** The days to look at when neither the run nor the table sets them. */
interface SyncDefaults {
  readonly lookBackDays: number;
  readonly lookAheadDays: number;
}

/** What a sync found out about a table: what it changed, the newest partition, and details for the table's state. */
type Findings = ReconcileResult &
  Pick<SyncResult, "layout" | "newest" | "newestAt"> & { readonly details?: TableDetails };

/**
 * Changes one table's partitions in Glue to what S3 has. Every outcome, also an error, is stored and measured as the table's
 * result. It only throws if the result could not be stored.
 */
export async function syncTable(
  request: SyncRequest,
  defaults: SyncDefaults,
  budget: Budget,
  ports: SyncPorts,
): Promise<SyncAnswer> {
  const { runId, database, table, dryRun = false } = request;
  const { store, leases, log, now } = ports;
  const started = { at: now().getTime(), calls: ports.calls() };
  // The run owns the lease: when the state machine tries a table again, it need not wait for the attempt that was stopped.
  const lease = await leases.take(leaseName(request, ports.sources), runId);
  const reading = lease === undefined ? undefined : store.state(request);
  const findings = reading === undefined ? BUSY : await attempt(request, defaults, budget, ports, reading);
  const previous = await reading;
  const { details, ...found } = findings;
  const seconds = (now().getTime() - started.at) / 1000;
  const calls = ports.calls() - started.calls;
  const result: SyncResult = { ...found, runId, database, table, dryRun, seconds, calls };
  try {
    const state = nextState(previous, result, details, now());
    const changesState = lease !== undefined && !dryRun;
    await Promise.all([store.putResult(result), ...(changesState ? [store.putState(state)] : [])]);
  } finally {
    if (lease !== undefined) await releaseLease(lease);
  }
  ports.measure(result);
  log.info("table synced", { ...result, newest: undefined });
  return { status: result.status, failed: result.failed };
}

/** Releases a lease, even if others have asked for it: they were told that the table is being synced, and will try again. */
export async function releaseLease(lease: Lease): Promise<void> {
  let isReleased = false;
  while (!isReleased) isReleased = await lease.release();
}

/** The name of a table's lease. */
export function leaseName({ database, table }: TableName, { catalogId }: Pick<Sources, "catalogId">): string {
  return `partitions/${catalogId}/${database}/${table}`;
}

const BUSY: Findings = { ...NO_CHANGES, status: "skipped", reason: "another run is syncing it now" };

async function attempt(
  request: SyncRequest,
  defaults: SyncDefaults,
  budget: Budget,
  ports: SyncPorts,
  previous: Promise<TableState | undefined>,
): Promise<Findings> {
  try {
    return await sync(request, defaults, budget, ports, previous);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (kindOf(error) === "gone") return { ...NO_CHANGES, status: "skipped", reason: TABLE_IS_GONE };
    if (error instanceof UserError) return { ...NO_CHANGES, status: "refused", reason };
    if (!(error instanceof UpstreamError)) ports.log.error("sync failed", { error, ...request });
    // A table that fails as a whole counts as one failed partition, or no alarm would be raised.
    return { ...NO_CHANGES, status: "failed", failed: 1, reason };
  }
}

async function sync(
  request: SyncRequest,
  defaults: SyncDefaults,
  budget: Budget,
  { sources, throttle, now }: SyncPorts,
  reading: Promise<TableState | undefined>,
): Promise<Findings> {
  const { dryRun = false } = request;
  const [read, previous] = await Promise.all([readTable(request, sources), reading]);
  if (typeof read === "string") return { ...NO_CHANGES, status: "skipped", reason: read };
  const { location, settings } = read;
  const window = planWindow(request, settings, defaults, now());
  const isLarge = previous !== undefined && previous.created + previous.existed > READS_PER_CALL;
  // Without a window all partitions are read, whatever the layout is, so reading can start before the layout is known.
  const glue = isEverything(window)
    ? readAhead(read.glue, { columns: settings.cascade, isLarge })
    : read.glue;
  const table: ReadTable = { ...read, glue };
  const place = { bucket: location.bucket, prefix: location.prefix };
  const layout = await layoutOfTable(table);
  if (layout === undefined) {
    const reason = `there is no data at ${location.text} yet`;
    return { ...NO_CHANGES, status: "synced", reason, details: place };
  }
  const comparison = await compareTable(table, {
    ...{ layout, window, isLarge },
    isOver: () => budget.listingIsOver(),
  });
  const done = await reconcile(table, comparison, {
    ...{ dryRun, isComplete: true, now: now(), throttle: throttle() },
    isOver: () => budget.isOver(),
  });
  const indexProblem = dryRun ? undefined : await ensureIndexes(table);
  const { newestUntil, ...newest } = newestOf(comparison.found, now());
  const advice = adviceOn(table, comparison, now());
  return {
    ...done,
    reason: [done.reason, indexProblem].filter((text) => text !== undefined).join(" ") || undefined,
    layout: layout.name,
    ...newest,
    details: { ...place, newestUntil, freshnessHours: settings.freshnessHours, advice },
  };
}

/** The hint about projection looks at this number of partitions; the advice itself looks at all of them. */
const HINT_VALUES = 200;

/** A hint that Athena could work without registered partitions for this table. */
function adviceOn({ keys, location }: ReadTable, { found }: Comparison, now: Date): string | undefined {
  const values: (readonly string[])[] = [];
  for (const partition of found.values()) if (values.push(partition) === HINT_VALUES) break;
  const { eligible } = adviseProjection({ keys, layout: found.layout, location, values, now });
  return eligible && values.length > 0
    ? "could use partition projection: ./strata partitions advice shows the properties"
    : undefined;
}
