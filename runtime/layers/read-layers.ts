import type { RunCounts } from "../contracts/layers";
import type { Runtime } from "../contracts/target";
import type { Table } from "../shared/table/open-table";
import {
  layerEntities,
  type LayerRow,
  type Outcome,
  type Publication,
  type TargetState,
} from "./entities/entities";

/**
 * Reads what is built and published: plain functions over the table, for the index and the command line. All pages of each
 * query are read. `requirement` is a package with its extras, normalised: `psycopg[binary,pool]`.
 */

/** The latest layer of each package in a region, by package. */
export async function latestLayers(
  table: Table,
  region: string,
  { python, architecture }: Runtime,
): Promise<readonly LayerRow[]> {
  const query = layerEntities(table).layer.query.byStatus({ region, python, architecture, status: "latest" });
  return (await query.go({ pages: "all" })).data;
}

/** All layer versions of a package in a region for a runtime, newest first. */
export async function layerVersions(
  table: Table,
  region: string,
  { python, architecture }: Runtime,
  requirement: string,
): Promise<readonly LayerRow[]> {
  const query = layerEntities(table).layer.query.byPackageInRegion({
    region,
    python,
    architecture,
    requirement,
  });
  return (await query.go({ pages: "all" })).data.sort(newestFirst);
}

/** All layer versions of a package: every region, Python and architecture. */
export async function layersOf(table: Table, requirement: string): Promise<readonly LayerRow[]> {
  return (await layerEntities(table).layer.query.byPackage({ requirement }).go({ pages: "all" })).data;
}

/** Where each target of a runtime stands, by package. */
export async function targetStates(table: Table, runtime: Runtime): Promise<readonly TargetState[]> {
  const { python, architecture } = runtime;
  return (
    await layerEntities(table).targetState.query.byRuntime({ python, architecture }).go({ pages: "all" })
  ).data;
}

/** Where each target of a package stands, with the last failure's kind, message and the tool's last lines. */
export async function targetStatesOf(table: Table, requirement: string): Promise<readonly TargetState[]> {
  return (await layerEntities(table).targetState.query.byPackage({ requirement }).go({ pages: "all" })).data;
}

/** A run, undefined while it is not planned yet, with what became of its targets and publications so far. */
export async function runProgress(table: Table, runId: string) {
  const [run, outcomes, publications] = await Promise.all([
    layerEntities(table).run.get({ runId }).go(),
    layerEntities(table).outcome.query.byRun({ runId }).go({ pages: "all" }),
    layerEntities(table).publication.query.byRun({ runId }).go({ pages: "all" }),
  ]);
  return { run: run.data ?? undefined, outcomes: outcomes.data, publications: publications.data };
}

/** Counts targets by what became of them, and layer versions over all regions. */
export function countRun(
  outcomes: readonly Pick<Outcome, "status">[],
  publications: readonly Pick<Publication, "status">[],
): RunCounts {
  const count = <S extends string>(rows: readonly { readonly status: S }[], status: S): number =>
    rows.filter((row) => row.status === status).length;
  return {
    built: count(outcomes, "built"),
    unchanged: count(outcomes, "unchanged"),
    failed: count(outcomes, "failed"),
    published: count(publications, "published"),
    refused: count(publications, "refused"),
  };
}

/** The last runs, newest first. */
export async function latestRuns(table: Table, limit: number) {
  return (await layerEntities(table).run.query.byTime({}).go({ order: "desc", limit })).data;
}

/** The latest one stands first, the others by when they were published. */
function newestFirst(a: LayerRow, b: LayerRow): number {
  if (a.status !== b.status) return a.status === "latest" ? -1 : 1;
  return a.publishedAt < b.publishedAt ? 1 : a.publishedAt > b.publishedAt ? -1 : 0;
}
