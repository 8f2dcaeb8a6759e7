import {
  layerPublished,
  type AnnounceAnswer,
  type AnnouncePayload,
  type RunCounts,
  type RunStatus,
} from "../../contracts/layers";
import { eventOf } from "../../contracts/events";
import type { EmitEvents } from "../../shared/bus";
import type { Log } from "../../shared/log";
import type { LayerStore } from "../layer-store";
import { countRun } from "../read-layers";
import { failureOfStep } from "./step-error";

interface AnnouncePorts {
  readonly store: Pick<LayerStore, "outcomes" | "publications" | "finishRun">;
  readonly emit: EmitEvents;
  readonly log: Log;
  readonly now: () => Date;
}

/** Tells the bus what a run published, and closes the run's record. A repeat tells it again. */
export async function announceRun(
  { runId, error }: AnnouncePayload,
  { store, emit, log, now }: AnnouncePorts,
): Promise<AnnounceAnswer> {
  const [outcomes, publications] = await Promise.all([store.outcomes(runId), store.publications(runId)]);
  await emit(
    publications.flatMap(({ status, arn, ...row }) =>
      status === "published" && arn !== undefined ? [eventOf(layerPublished, { ...row, arn })] : [],
    ),
  );
  const counts = countRun(outcomes, publications);
  const status = error === undefined ? statusOf(counts) : "failed";
  const why = error === undefined ? {} : { error: failureOfStep(error, "building layers").message };
  await store.finishRun(runId, { status, finishedAt: now().toISOString(), counts, ...why });
  log.info("run finished", { runId, status, ...counts, ...why });
  return { runId, status, ...counts };
}

/** `partial` when some of it failed and some did not. */
export function statusOf({ built, unchanged, failed, refused }: RunCounts): RunStatus {
  if (failed + refused === 0) return "succeeded";
  return built + unchanged > 0 ? "partial" : "failed";
}
