import pLimit from "p-limit";
import {
  workItemSchema,
  workSchema,
  type GatherAnswer,
  type Work,
  type WorkItem,
} from "../../contracts/layers";
import type { ArtifactStore } from "../artifact-store";
import { keys } from "../keys";

/** The weight, zipped, of a package of a lock when the target was never built. */
const BYTES_PER_PACKAGE = 2_000_000;
const READS_AT_ONCE = 16;

/** Collects the items of a run's batches into one list of work. */
export async function gatherWork(
  { runId }: { readonly runId: string },
  artifacts: Pick<ArtifactStore, "bucket" | "list" | "readJson" | "writeJson">,
): Promise<GatherAnswer> {
  const limit = pLimit(READS_AT_ONCE);
  const names = await artifacts.list(keys.items(runId));
  const items = await Promise.all(
    names.map((key) => limit(async () => workItemSchema.parse(await artifacts.readJson(key)))),
  );
  const work = orderWork(items);
  await artifacts.writeJson(keys.work(runId), work);
  return { runId, bucket: artifacts.bucket, workKey: keys.work(runId), count: work.length };
}

/**
 * Quick ones first: what only needs publishing, then small builds before big ones. Most layers are out early that way, and
 * the big ones, which run side by side, hold up nobody but themselves.
 */
export function orderWork(items: readonly WorkItem[]): readonly Work[] {
  const weight = ({
    next,
    lock,
    expectedBytes = lock.packages.length * BYTES_PER_PACKAGE,
  }: WorkItem): number => (next === "build" ? expectedBytes : -1);
  return [...items]
    .sort((a, b) => weight(a) - weight(b) || (a.item < b.item ? -1 : 1))
    .map((item) => workSchema.parse(item));
}
