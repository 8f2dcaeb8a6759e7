import type { EmitEvents } from "../../shared/bus";
import type { Log } from "../../shared/log";
import type { RunStatus } from "../entities/runs";
import { failureOf } from "./step-error";
import type { Outcome, Publication } from "../entities/entities";
import type { LayerStore, RunCounts } from "../layer-store";
import { eventOf } from "../../contracts/events";
import { layerPublished, type AnnouncePayload, type LayerPublished } from "../../contracts/layers";

export interface AnnouncePorts {
  readonly store: Pick<LayerStore, "outcomes" | "publications" | "finishRun">;
  readonly emit: EmitEvents;
  readonly log: Log;
  readonly now: () => Date;
}

export interface AnnounceAnswer extends RunCounts {
  readonly runId: string;
  readonly status: RunStatus;
}

/** Tells the bus what a run published, and closes the run's record. A repeat tells it again. */
export async function announceRun(
  { runId, error }: AnnouncePayload,
  { store, emit, log, now }: AnnouncePorts,
): Promise<AnnounceAnswer> {
  const [outcomes, publications] = await Promise.all([store.outcomes(runId), store.publications(runId)]);
  const details = publications.flatMap((publication) => describePublication(publication) ?? []);
  await emit(details.map((detail) => eventOf(layerPublished, detail)));
  const counts = countRun(outcomes, publications);
  const status = error === undefined ? statusOf(counts) : "failed";
  const why = error === undefined ? {} : { error: failureOf(error, "running the factory").message };
  await store.finishRun(runId, { status, finishedAt: now().toISOString(), counts, ...why });
  log.info("run finished", { runId, status, ...counts, ...why });
  return { runId, status, ...counts };
}

function describePublication(publication: Publication): LayerPublished | undefined {
  const { arn, status, runId, region, requirement, packageVersion, python, architectures, sha256 } =
    publication;
  if (status !== "published" || arn === undefined) return undefined;
  return { runId, region, arn, requirement, packageVersion, python, architectures, sha256 };
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

/** `partial` when some of it failed and some did not. */
export function statusOf({ built, unchanged, failed, refused }: RunCounts): RunStatus {
  if (failed + refused === 0) return "succeeded";
  return built + unchanged > 0 ? "partial" : "failed";
}
