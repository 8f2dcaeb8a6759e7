import { UpstreamError } from "../shared/errors";
import { isConditionFailed } from "../shared/table/conditions";
import { lazily, type Table } from "../shared/table/open-table";
import { layerEntities, layerTransaction } from "./entities/entities";
import { isArchitecture, type Architecture } from "../contracts/target";
import type { Built, LayerRow, Ledger, Publication } from "./layer-store";

/** Rows of runs are kept for 400 days: a yearly comparison still finds its other half. */
const RUN_SECONDS = 400 * 24 * 3600;

/** The ledger over the table. `now` decides when rows of runs expire. */
export function openLedger(table: Table, now: () => Date): Ledger {
  const { build, targetState, layer, run, outcome, publication } = layerEntities(table);
  // Only who writes several entities at once needs all of them joined.
  const joined = lazily({ transaction: () => layerTransaction(table) });
  const expires = (): number => Math.floor(now().getTime() / 1000) + RUN_SECONDS;
  return {
    putRun: async ({ reason, ...rest }) => {
      await run.put({ ...rest, ...optional({ reason }), expires: expires() }).go();
    },
    finishRun: async (runId, { error, ...end }) => {
      await run
        .patch({ runId })
        .set({ ...end, ...optional({ error }) })
        .go();
    },
    outcomes: async (runId) =>
      (await outcome.query.byRun({ runId }).go({ pages: "all", consistent: true })).data,
    publications: async (runId) => {
      const { data } = await publication.query.byRun({ runId }).go({ pages: "all", consistent: true });
      return data.map((row) => ({ ...row, architectures: row.architectures.filter(isArchitecture) }));
    },
    latestBuilds: async (python, architecture, requirements) => {
      const wanted = requirements.map((requirement) => ({ python, architecture, requirement }));
      const { data, unprocessed } = await targetState.get(wanted).go({ consistent: true });
      if (unprocessed.length > 0)
        throw new UpstreamError("The table is too busy to read builds; try again later.");
      return new Map(
        data.flatMap(({ requirement, built }) => (built === undefined ? [] : [[requirement, built]])),
      );
    },
    buildWithKey: async (buildKey) => (await build.query.byKey({ buildKey }).go({ limit: 1 })).data[0],
    recordBuilt: async (target, built, { runId, status }) => {
      const good = writable(built);
      const result = await joined.transaction
        .write((entities) => [
          entities.build.put({ ...target, ...good }).commit(),
          entities.targetState.put({ ...target, built: good }).commit(),
          entities.outcome
            .put({ ...target, runId, status, version: built.version, expires: expires() })
            .commit(),
        ])
        .go();
      refuseCanceled(result.canceled, "a build");
    },
    recordFailed: async (target, { runId, at, version, buildKey, ...reason }) => {
      const failure = { kind: reason.kind, message: reason.message, lastLines: [...reason.lastLines] };
      const attempt = { ...failure, runId, at, ...optional({ version, buildKey }) };
      const row = { ...target, runId, status: "failed" as const, failure, ...optional({ version }) };
      const result = await joined.transaction
        .write((entities) => [
          entities.targetState.upsert({ ...target, failure: attempt }).commit(),
          entities.outcome.put({ ...row, expires: expires() }).commit(),
        ])
        .go();
      refuseCanceled(result.canceled, "a failure");
    },
    layersOf: async (requirement, python) =>
      (await layer.query.byPackage({ requirement, python }).go({ pages: "all" })).data,
    layersIn: async (region, target) =>
      (await layer.query.byPackageInRegion({ region, ...target }).go({ pages: "all", consistent: true }))
        .data,
    recordPublished: async (rows, published) => {
      const result = await joined.transaction
        .write((entities) => [
          ...rows.map((row) => entities.layer.put(layerItem(row)).commit()),
          entities.publication.put(publicationItem(published, expires())).commit(),
        ])
        .go();
      refuseCanceled(result.canceled, "a published layer");
    },
    putPublication: async (published) => {
      try {
        await publication
          .put(publicationItem(published, expires()))
          .where(({ status }, { ne }) => ne(status, "published"))
          .go();
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
    },
  };
}

/** ElectroDB answers that a transaction was canceled instead of throwing it. */
function refuseCanceled(canceled: boolean, what: string): void {
  if (canceled)
    throw new UpstreamError(`The table took back the record of ${what}: something else wrote it just then.`);
}

function writable(built: Built) {
  const { importTest, dependencies, sha256, zipBytes, unzippedBytes, version, buildKey, runId, createdAt } =
    built;
  const { reason, status, modules } = importTest;
  return {
    ...{ sha256, zipBytes, unzippedBytes, version, buildKey, runId, createdAt },
    dependencies: [...dependencies],
    importTest: { status, modules: [...modules], ...optional({ reason }) },
  };
}

function layerItem({ expiryDate, dependencies, ...row }: LayerRow) {
  return { ...row, dependencies: [...dependencies], ...optional({ expiryDate }) };
}

function publicationItem({ arn, error, architectures, ...row }: Publication, expires: number) {
  const served: Architecture[] = [...architectures];
  return { ...row, architectures: served, expires, ...optional({ arn, error }) };
}

/** Leaves out what is undefined, since an absent attribute is not an undefined one. */
function optional<T extends Readonly<Record<string, string | undefined>>>(fields: T) {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]?: NonNullable<T[K]> };
}
