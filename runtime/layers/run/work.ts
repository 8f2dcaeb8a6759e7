import type { Failure, ResolvedTarget } from "../../contracts/builder";
import { layerPackageOf, requirementOf, type Architecture } from "../../contracts/target";
import { builderOf } from "../keys";
import type { Build, LayerRow } from "../entities/entities";
import type { Batch, WorkItem } from "../../contracts/layers";

/** A target that resolved. */
export type Resolved = Extract<ResolvedTarget, { status: "resolved" }>;

/** Targets of one package that share their bytes: the architectures of a pure lock, or a single one. */
export interface Group {
  readonly package: Batch["packages"][number];
  readonly requirement: string;
  readonly version: string;
  readonly buildKey: string;
  readonly lock: Resolved["lock"];
  readonly architectures: readonly Architecture[];
}

/** A target that did not resolve, and why. */
export interface Unresolved {
  readonly requirement: string;
  readonly architecture: Architecture;
  readonly failure: Failure;
}

/**
 * Holds the builder's answer against what was asked: answers to what nobody asked are dropped, and what was asked
 * and not answered failed.
 */
export function groupTargets(
  batch: Batch,
  targets: readonly ResolvedTarget[],
): { readonly groups: readonly Group[]; readonly unresolved: readonly Unresolved[] } {
  const answers = new Map(
    targets.map((target) => [`${target.architecture}/${requirementOf(target.package)}`, target]),
  );
  const groups = new Map<string, Group>();
  const unresolved: Unresolved[] = [];
  for (const spec of batch.packages) {
    const requirement = requirementOf(spec);
    for (const architecture of batch.architectures) {
      const answer = answers.get(`${architecture}/${requirement}`);
      if (answer?.status !== "resolved") {
        unresolved.push({ requirement, architecture, failure: answer?.failure ?? NOT_ANSWERED });
        continue;
      }
      const { version, buildKey, lock } = answer;
      const id = `${requirement}/${buildKey}/${answer.pure ? "pure" : architecture}`;
      const architectures = [...(groups.get(id)?.architectures ?? []), architecture];
      groups.set(id, { package: spec, requirement, version, buildKey, lock, architectures });
    }
  }
  return { groups: [...groups.values()], unresolved };
}

const NOT_ANSWERED: Failure = {
  kind: "internal",
  message:
    "The builder gave no answer for this target. Start the run again; if it stays so, read the builder's log.",
  lastLines: [],
};

/** The regions where a target of the group has no latest layer with the artifact. */
export function lackingRegions(
  group: Group,
  sha256: string,
  layers: readonly LayerRow[],
  regions: readonly string[],
): readonly string[] {
  const has = (region: string, architecture: Architecture): boolean =>
    layers.some(
      (row) =>
        row.region === region &&
        row.architecture === architecture &&
        row.sha256 === sha256 &&
        row.status === "latest",
    );
  return regions.filter((region) => !group.architectures.every((architecture) => has(region, architecture)));
}

/** What there is to do for a group: build it, or only publish the artifact of `built` in `regions`. */
export function planItem(
  batch: Batch,
  group: Group,
  regions: readonly string[],
  built: Build | undefined,
  expectedBytes: number | undefined,
): WorkItem {
  const { license, ...spec } = group.package;
  const { version, buildKey, lock } = group;
  const architectures = [...group.architectures];
  const [first = "x86_64"] = architectures;
  const name = `${batch.python}-${layerPackageOf(spec)}-${architectures.join("-")}-${buildKey.slice(0, 12)}`;
  return {
    ...{ package: spec, version, python: batch.python, architectures, buildKey, license },
    lock: { packages: [...lock.packages] },
    runId: batch.runId,
    item: name,
    needs: built === undefined ? "build" : "publish",
    builder: builderOf(batch.python, first),
    regions: [...regions],
    ...(built === undefined ? {} : { artifact: artifactOf(built) }),
    ...(expectedBytes === undefined ? {} : { expectedBytes }),
  };
}

/** The part of a build that is about its bytes. */
export function artifactOf({ sha256, zipBytes, unzippedBytes, dependencies, importTest }: Build) {
  return { sha256, zipBytes, unzippedBytes, dependencies, importTest };
}
