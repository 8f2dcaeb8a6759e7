import type { Failure } from "../../contracts/failure";
import type { Batch, PublishPayload, RecordAnswer, StepError, Work, WorkItem } from "../../contracts/layers";
import { requirementOf } from "../../contracts/target";
import type { Log } from "../../shared/log";
import type { ArtifactStore } from "../artifact-store";
import { keys } from "../keys";
import type { LayerStore } from "../layer-store";
import { publicationOf, readItem, targetsOf } from "../work-item";
import { failureOfStep } from "./step-error";

export interface NoteFailurePorts {
  readonly artifacts: Pick<ArtifactStore, "readJson" | "remove">;
  readonly store: Pick<LayerStore, "recordFailed" | "putPublication">;
  readonly log: Log;
  readonly now: () => Date;
}

/** Nothing is published of what failed. */
const NOTHING: RecordAnswer = { publish: [] };

/** Fails every target of a batch that could not be resolved or compared at all. */
export async function noteFailedBatch(
  { batch, error }: { readonly batch: Batch; readonly error: StepError },
  { store, log, now }: Pick<NoteFailurePorts, "store" | "log" | "now">,
): Promise<RecordAnswer> {
  const { runId, python, packages, architectures } = batch;
  const failure = failureOfStep(error, "resolving");
  for (const architecture of architectures) {
    for (const requirement of packages.map(requirementOf)) {
      const attempt = { ...failure, runId, at: now().toISOString() };
      await store.recordFailed({ python, architecture, requirement }, attempt);
    }
  }
  log.error("batch failed", { runId, batch: batch.batch, cause: error.Error });
  return NOTHING;
}

/** Fails the targets of an item whose build broke off: the builder itself died, or a step around it. */
export async function noteFailedBuild(
  { item, error }: { readonly item: Work; readonly error: StepError },
  ports: NoteFailurePorts,
): Promise<RecordAnswer> {
  return failItem(await readItem(item, ports.artifacts), failureOfStep(error, "building"), ports);
}

/** Fails the targets of an item, and removes what the builder uploaded. An earlier good build of them stays. */
export async function failItem(
  item: WorkItem,
  failure: Failure,
  { artifacts, store, log, now }: NoteFailurePorts,
): Promise<RecordAnswer> {
  const { runId, version, buildKey } = item;
  log.warn("target failed", { runId, item: item.item, kind: failure.kind, reason: failure.message });
  for (const target of targetsOf(item)) {
    await store.recordFailed(target, { ...failure, runId, at: now().toISOString(), version, buildKey });
  }
  await artifacts.remove(keys.staged(runId, item.item));
  return NOTHING;
}

/** Notes that a region did not take a layer. If it did take it after all, and that is noted, this changes nothing. */
export async function noteRefusal(
  { publication, error }: { readonly publication: PublishPayload; readonly error: StepError },
  { artifacts, store, log }: NoteFailurePorts,
): Promise<RecordAnswer> {
  const { region, sha256 } = publication;
  const item = await readItem(publication, artifacts);
  const { message } = failureOfStep(error, `publishing in ${region}`);
  log.error("region refused a layer", { runId: item.runId, region, item: item.item, reason: message });
  await store.putPublication(publicationOf(item, { region, sha256, status: "refused", error: message }));
  return NOTHING;
}
