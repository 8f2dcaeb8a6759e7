import { UpstreamError } from "../shared/errors";
import { isConditionFailed } from "../shared/table/writes";
import { lazily, type Table } from "../shared/table/open-table";
import { BUILD_ATTRIBUTES } from "./entities/attributes";
import { layerEntities, layerTransaction } from "./entities/entities";
import type { LayerStore } from "./layer-store";

/** Rows of runs are kept for 400 days: so one can be compared with the year before. */
const RUN_SECONDS = 400 * 24 * 3600;

/** The store over the table. `now` decides when rows of runs expire. */
export function openLayerStore(table: Table, now: () => Date): LayerStore {
  const { build, targetState, layer, run, outcome, publication } = layerEntities(table);
  // Made late: only a function that writes several entities at once needs them joined.
  const joined = lazily({ transaction: () => layerTransaction(table) });
  const expires = (): number => Math.floor(now().getTime() / 1000) + RUN_SECONDS;
  return {
    putRun: async (row) => {
      await run.put({ ...row, expires: expires() }).go();
    },
    finishRun: async (runId, end) => {
      await run.patch({ runId }).set(end).go();
    },
    outcomes: async (runId) =>
      (await outcome.query.byRun({ runId }).go({ pages: "all", consistent: true })).data,
    publications: async (runId) =>
      (await publication.query.byRun({ runId }).go({ pages: "all", consistent: true })).data,
    latestBuilds: async (python, architecture, requirements) => {
      const wanted = requirements.map((requirement) => ({ python, architecture, requirement }));
      const { data, unprocessed } = await targetState.get(wanted).go({ consistent: true });
      if (unprocessed.length > 0)
        throw new UpstreamError("The table is too busy to read builds; try again later.");
      return new Map(
        data.flatMap(({ requirement, built }) => (built === undefined ? [] : [[requirement, built]])),
      );
    },
    buildWithKey: async (buildKey) =>
      (await build.query.byKey({ buildKey }).go({ limit: 1, attributes: BUILD_ATTRIBUTES })).data[0],
    recordBuilt: async (target, built, { runId, status }) => {
      const { version } = built;
      const result = await joined.transaction
        .write((entities) => [
          entities.build.put({ ...target, ...built }).commit(),
          entities.targetState.put({ ...target, built }).commit(),
          entities.outcome.put({ ...target, runId, status, version, expires: expires() }).commit(),
        ])
        .go();
      throwIfCanceled(result.canceled, "a build");
    },
    recordFailed: async (target, attempt) => {
      const { runId, kind, message, lastLines, version } = attempt;
      const row = { ...target, runId, status: "failed" as const, failure: { kind, message, lastLines } };
      const known = version === undefined ? {} : { version };
      const result = await joined.transaction
        .write((entities) => [
          entities.targetState.upsert({ ...target, failure: attempt }).commit(),
          entities.outcome.put({ ...row, ...known, expires: expires() }).commit(),
        ])
        .go();
      throwIfCanceled(result.canceled, "a failure");
    },
    layersOf: async (requirement, python) =>
      (await layer.query.byPackage({ requirement, python }).go({ pages: "all" })).data,
    layersIn: async (region, target) =>
      (await layer.query.byPackageInRegion({ region, ...target }).go({ pages: "all", consistent: true }))
        .data,
    recordPublished: async (rows, published) => {
      const result = await joined.transaction
        .write((entities) => [
          ...rows.map((row) => entities.layer.put(row).commit()),
          entities.publication.put({ ...published, expires: expires() }).commit(),
        ])
        .go();
      throwIfCanceled(result.canceled, "a published layer");
    },
    putPublication: async (published) => {
      try {
        await publication
          .put({ ...published, expires: expires() })
          .where(({ status }, { ne }) => ne(status, "published"))
          .go();
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
    },
  };
}

/** ElectroDB does not throw when a transaction is canceled, but answers so. */
function throwIfCanceled(canceled: boolean, what: string): void {
  if (canceled)
    throw new UpstreamError(
      `The table canceled the record of ${what}: something else wrote it at the same time.`,
    );
}
