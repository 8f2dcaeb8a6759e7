import { artifactSchema, resolveResultSchema } from "../../contracts/builder";
import type { Batch, CompareAnswer, WorkItem } from "../../contracts/layers";
import { requirementOf, type Architecture } from "../../contracts/target";
import { BugError } from "../../shared/errors";
import type { Log } from "../../shared/log";
import type { ArtifactStore } from "../artifact-store";
import type { Build } from "../entities/entities";
import { keys } from "../keys";
import type { LayerStore } from "../layer-store";
import { targetsOf, writeItem } from "../work-item";
import { missingRegions, planItems } from "./plan-items";

interface ComparePorts {
  readonly artifacts: Pick<ArtifactStore, "readJson" | "writeJson" | "exists">;
  readonly store: Pick<
    LayerStore,
    "latestBuilds" | "buildWithKey" | "recordBuilt" | "recordFailed" | "layersOf"
  >;
  readonly log: Log;
  readonly now: () => Date;
}

type LatestBuilds = ReadonlyMap<Architecture, ReadonlyMap<string, Build>>;

/**
 * Compares what a batch resolved to with what was built before, and writes an item for all that is left to do. The unchanged
 * drop out here, before anything is installed.
 * @throws BugError when the builder's file is not what the contract says.
 */
export async function compareBatch(
  batch: Batch,
  regions: readonly string[],
  ports: ComparePorts,
): Promise<CompareAnswer> {
  const { store, log, now } = ports;
  const { runId, python } = batch;
  const { items, unresolved } = planItems(batch, await readResolved(batch, ports), regions);
  for (const { failure, ...target } of unresolved) {
    log.warn("target did not resolve", { runId, ...target, kind: failure.kind });
    await store.recordFailed(target, { ...failure, runId, at: now().toISOString() });
  }
  const latest = await readLatest(batch, ports);
  const counts = { build: 0, publish: 0, unchanged: 0 };
  for (const item of items) {
    const { next, unchanged } = await compareItem(item, batch.force, latest, ports);
    counts.unchanged += unchanged;
    if (next !== undefined) counts[next] += 1;
  }
  const answer = { batch: batch.batch, ...counts, failed: unresolved.length };
  log.info("batch compared", { runId, python, ...answer });
  return answer;
}

/** `next` is undefined when nothing is left to do; `unchanged` counts targets. */
async function compareItem(
  item: WorkItem,
  force: boolean,
  latest: LatestBuilds,
  ports: ComparePorts,
): Promise<{ next: WorkItem["next"] | undefined; unchanged: number }> {
  const { artifacts, store } = ports;
  const targets = targetsOf(item);
  const before = targets.flatMap(
    ({ architecture, requirement }) => latest.get(architecture)?.get(requirement) ?? [],
  );
  const [last] = before;
  const built = force ? undefined : await findBuilt(item, before, ports);
  if (built === undefined) {
    await writeItem({ ...item, ...(last === undefined ? {} : { expectedBytes: last.zipBytes }) }, artifacts);
    return { next: "build", unchanged: 0 };
  }
  for (const target of targets) {
    await store.recordBuilt(target, built, { runId: item.runId, status: "unchanged" });
  }
  const layers = await store.layersOf(requirementOf(item.package), item.python);
  const regions = missingRegions(item, built.sha256, layers, item.regions);
  if (regions.length === 0) return { next: undefined, unchanged: targets.length };
  const artifact = artifactSchema.parse(built);
  await writeItem({ ...item, next: "publish", regions, artifact }, artifacts);
  return { next: "publish", unchanged: targets.length };
}

/** A good build of the same key, this target's or another's, whose artifact still exists. */
async function findBuilt(
  { buildKey, version }: WorkItem,
  before: readonly Build[],
  { store, artifacts }: ComparePorts,
): Promise<Build | undefined> {
  const found = before.find((build) => build.buildKey === buildKey) ?? (await store.buildWithKey(buildKey));
  if (found === undefined || !(await artifacts.exists(keys.artifact(found.sha256)))) return undefined;
  return { ...found, version };
}

async function readLatest(batch: Batch, { store }: ComparePorts): Promise<LatestBuilds> {
  const requirements = batch.packages.map(requirementOf);
  const entries = batch.architectures.map(
    async (architecture) =>
      [architecture, await store.latestBuilds(batch.python, architecture, requirements)] as const,
  );
  return new Map(await Promise.all(entries));
}

async function readResolved({ runId, batch }: Batch, { artifacts }: ComparePorts) {
  const key = keys.resolved(runId, batch);
  const parsed = resolveResultSchema.safeParse(await artifacts.readJson(key));
  if (parsed.success) return parsed.data.targets;
  throw new BugError(`The builder's answer ${key} is not what the contract says.`, { cause: parsed.error });
}
