import pLimit from "p-limit";
import { z } from "zod";
import { keys } from "./keys";
import { workItemSchema, type Work, type WorkItem } from "./messages";
import type { Objects } from "./objects";

/** Payload of the gather function. */
export const gatherSchema = z.object({ runId: z.string().min(1) });

export interface GatherAnswer {
  readonly runId: string;
  readonly bucket: string;
  readonly workKey: string;
  readonly count: number;
}

/** Taken for a package that was never built: neither first nor last. */
const UNKNOWN_BYTES = 5_000_000;
const READS_AT_ONCE = 16;

/** Collects the items of a run's batches into one list of work. */
export async function gatherWork(
  { runId }: z.infer<typeof gatherSchema>,
  objects: Pick<Objects, "bucket" | "list" | "readJson" | "writeJson">,
): Promise<GatherAnswer> {
  const limit = pLimit(READS_AT_ONCE);
  const names = await objects.list(keys.items(runId));
  const items = await Promise.all(
    names.map((key) => limit(async () => ({ key, item: workItemSchema.parse(await objects.readJson(key)) }))),
  );
  const work = orderWork(items);
  await objects.writeJson(keys.work(runId), work);
  return { runId, bucket: objects.bucket, workKey: keys.work(runId), count: work.length };
}

/** Big builds first, so that none of them starts when all else is done; what only needs publishing comes last. */
export function orderWork(
  items: readonly { readonly key: string; readonly item: WorkItem }[],
): readonly Work[] {
  const weight = ({ needs, expectedBytes = UNKNOWN_BYTES }: WorkItem): number =>
    needs === "build" ? expectedBytes : -1;
  return [...items]
    .sort((a, b) => weight(b.item) - weight(a.item) || (a.key < b.key ? -1 : 1))
    .map(({ key, item: { runId, item, builder, needs } }) => ({ runId, item, itemKey: key, builder, needs }));
}
