import { workItemSchema, type WorkItem } from "../contracts/layers";
import { requirementOf, type TargetKey } from "../contracts/target";
import type { ArtifactStore } from "./artifact-store";
import type { Publication } from "./entities/entities";
import { keys } from "./keys";

/** Names an item of a run. */
type ItemName = Pick<WorkItem, "runId" | "item">;

/** Reads an item from the run's files. */
export async function readItem(
  { runId, item }: ItemName,
  artifacts: Pick<ArtifactStore, "readJson">,
): Promise<WorkItem> {
  return workItemSchema.parse(await artifacts.readJson(keys.item(runId, item)));
}

/** Writes an item to the run's files, over what it was before. */
export async function writeItem(item: WorkItem, artifacts: Pick<ArtifactStore, "writeJson">): Promise<void> {
  await artifacts.writeJson(keys.item(item.runId, item.item), item);
}

/** The targets that share the item's bytes. */
export function targetsOf({ python, architectures, package: spec }: WorkItem): readonly TargetKey[] {
  return architectures.map((architecture) => ({ python, architecture, requirement: requirementOf(spec) }));
}

/** The row that says what became of an item in a region. */
export function publicationOf(
  { runId, item, python, architectures, package: spec, version }: WorkItem,
  outcome: Pick<Publication, "region" | "status" | "sha256" | "arn" | "error">,
): Publication {
  return {
    ...{ runId, item, python, architectures: [...architectures] },
    ...{ requirement: requirementOf(spec), packageVersion: version },
    ...outcome,
  };
}
