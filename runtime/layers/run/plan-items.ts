import type { ResolvedTarget } from "../../contracts/builder";
import type { Failure } from "../../contracts/failure";
import type { Batch, WorkItem } from "../../contracts/layers";
import { layerPackageOf, requirementOf, type Architecture, type TargetKey } from "../../contracts/target";
import type { LayerRow } from "../entities/entities";
import { builderOf } from "../keys";
import { targetsOf } from "../work-item";

type Resolved = Extract<ResolvedTarget, { status: "resolved" }>;

/** A target that did not resolve, and why. */
interface Unresolved extends TargetKey {
  readonly failure: Failure;
}

/**
 * Makes an item of each group of targets that share their bytes: the architectures of a pure lock, or a single one. The answer
 * is compared with what was asked: answers to what nobody asked are dropped, and what was asked and not answered failed.
 */
export function planItems(
  batch: Batch,
  targets: readonly ResolvedTarget[],
  regions: readonly string[],
): { readonly items: readonly WorkItem[]; readonly unresolved: readonly Unresolved[] } {
  const { python } = batch;
  const answers = new Map(
    targets.map((target) => [`${target.architecture}/${requirementOf(target.package)}`, target]),
  );
  const groups = new Map<string, Resolved[]>();
  const unresolved: Unresolved[] = [];
  for (const spec of batch.packages) {
    const requirement = requirementOf(spec);
    for (const architecture of batch.architectures) {
      const answer = answers.get(`${architecture}/${requirement}`);
      if (answer?.status !== "resolved") {
        const failure = answer?.failure ?? NOT_ANSWERED;
        unresolved.push({ python, architecture, requirement, failure });
        continue;
      }
      const id = `${requirement}/${answer.buildKey}/${answer.pure ? "pure" : architecture}`;
      // What was asked counts, not what the answer says of it.
      groups.set(id, [...(groups.get(id) ?? []), { ...answer, package: spec }]);
    }
  }
  return { items: [...groups.values()].flatMap((group) => itemOf(batch, group, regions)), unresolved };
}

function itemOf(batch: Batch, targets: readonly Resolved[], regions: readonly string[]): WorkItem[] {
  const [first] = targets;
  if (first === undefined) return [];
  const { package: spec, version, lock, buildKey } = first;
  const { runId, python } = batch;
  const architectures = targets.map(({ architecture }) => architecture);
  const item = `${python}-${layerPackageOf(spec)}-${architectures.join("-")}-${buildKey.slice(0, 12)}`;
  const builder = builderOf(python, first.architecture);
  return [
    {
      ...{ runId, item, next: "build", builder, regions },
      ...{ package: spec, version, python, architectures, lock, buildKey },
    },
  ];
}

const NOT_ANSWERED: Failure = {
  kind: "internal",
  message:
    "The builder gave no answer for this target. Start the run again; if it stays so, read the builder's log.",
  lastLines: [],
};

/** The regions where a target of the item has no latest layer with the artifact. */
export function missingRegions(
  item: WorkItem,
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
  return regions.filter((region) => !targetsOf(item).every(({ architecture }) => has(region, architecture)));
}
