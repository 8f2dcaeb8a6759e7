import { BugError } from "../../shared/errors";
import type { Log } from "../../shared/log";
import { requirementOf, type Architecture } from "../../contracts/target";
import { keys } from "../keys";
import type { Build } from "../entities/entities";
import type { LayerStore } from "../layer-store";
import { resolveResultSchema, type Batch } from "../../contracts/layers";
import type { ArtifactStore } from "../artifact-store";
import { groupTargets, lackingRegions, planItem, type Group } from "./work";

export interface ComparePorts {
  readonly artifacts: Pick<ArtifactStore, "readJson" | "writeJson" | "exists">;
  readonly store: Pick<
    LayerStore,
    "latestBuilds" | "buildWithKey" | "recordBuilt" | "recordFailed" | "layersOf"
  >;
  readonly log: Log;
  readonly now: () => Date;
}

/** Items to build and to publish; targets that are unchanged and that failed. */
export interface CompareAnswer {
  readonly batch: string;
  readonly build: number;
  readonly publish: number;
  readonly unchanged: number;
  readonly failed: number;
}

type LatestBuilds = ReadonlyMap<Architecture, ReadonlyMap<string, Build>>;

/**
 * Holds what a batch resolved to against what was built before, and writes an item for all that is left to do. The
 * unchanged drop out here, before anything is installed.
 * @throws BugError when the builder's file is not what the contract says.
 */
export async function compareBatch(
  batch: Batch,
  regions: readonly string[],
  ports: ComparePorts,
): Promise<CompareAnswer> {
  const { runId, python } = batch;
  const { groups, unresolved } = groupTargets(batch, await readResolved(batch, ports));
  for (const { requirement, architecture, failure } of unresolved) {
    ports.log.warn("target did not resolve", {
      runId,
      python,
      architecture,
      requirement,
      kind: failure.kind,
    });
    const attempt = { ...failure, runId, at: ports.now().toISOString() };
    await ports.store.recordFailed({ python, architecture, requirement }, attempt);
  }
  const latest = await readLatest(batch, ports);
  const counts = { build: 0, publish: 0, unchanged: 0 };
  for (const group of groups) {
    const { needs, unchanged } = await compareGroup(batch, group, latest, regions, ports);
    counts.unchanged += unchanged;
    if (needs !== undefined) counts[needs] += 1;
  }
  const answer = { batch: batch.batch, ...counts, failed: unresolved.length };
  ports.log.info("batch compared", { runId, python, ...answer });
  return answer;
}

async function compareGroup(
  batch: Batch,
  group: Group,
  latest: LatestBuilds,
  regions: readonly string[],
  ports: ComparePorts,
): Promise<{ needs: "build" | "publish" | undefined; unchanged: number }> {
  const { artifacts, store } = ports;
  const { requirement, architectures } = group;
  const before = architectures.flatMap((architecture) => latest.get(architecture)?.get(requirement) ?? []);
  const built = batch.force ? undefined : await findBuilt(group, before, ports);
  if (built === undefined) {
    const item = planItem(batch, group, regions, undefined, before[0]?.zipBytes);
    await artifacts.writeJson(keys.item(batch.runId, item.item), item);
    return { needs: "build", unchanged: 0 };
  }
  for (const architecture of architectures) {
    const target = { python: batch.python, architecture, requirement };
    await store.recordBuilt(target, built, { runId: batch.runId, status: "unchanged" });
  }
  const layers = await store.layersOf(requirement, batch.python);
  const lacking = lackingRegions(group, built.sha256, layers, regions);
  if (lacking.length === 0) return { needs: undefined, unchanged: architectures.length };
  const item = planItem(batch, group, lacking, built, built.zipBytes);
  await artifacts.writeJson(keys.item(batch.runId, item.item), item);
  return { needs: "publish", unchanged: architectures.length };
}

/** A good build of the same key, this target's or another's, whose artifact still is there. */
async function findBuilt(
  group: Group,
  before: readonly Build[],
  { store, artifacts }: ComparePorts,
): Promise<Build | undefined> {
  const { buildKey, version } = group;
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
