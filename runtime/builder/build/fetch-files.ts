/** Fetches locked files, checking each hash while the bytes pass, into a cache named by content. */
import { createHash, randomUUID } from "node:crypto";
import { copyFile, link, mkdir, open, rename, rm, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import pLimit from "p-limit";
import pRetry, { AbortError } from "p-retry";
import { fetch } from "undici";
import type { LockedFile } from "../../contracts/builder";
import { targetFailure } from "../failure";
import { dispatcherFor } from "../proxy";
import type { RetryPolicy } from "../retry-policy";

/** Parallel downloads: enough to hide latency, few enough to bound memory. */
const CONCURRENT_DOWNLOADS = 8;
const IDLE_MILLISECONDS = 30_000;

/** Where a file of this hash lives in the cache. */
export function cachedPath(cache: string, file: Pick<LockedFile, "filename" | "sha256">): string {
  return join(cache, "files", file.sha256, file.filename);
}

/**
 * Puts all files into `folder` under their own names, from the cache where it has them.
 * @throws {TargetFailure} `hash`, `not-found` or `network`.
 */
export async function fetchFiles(
  files: readonly LockedFile[],
  cache: string,
  folder: string,
  policy: RetryPolicy,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const limit = pLimit(CONCURRENT_DOWNLOADS);
  const results = await Promise.allSettled(
    files.map((file) => limit(() => fetchOne(file, cache, join(folder, file.filename), policy))),
  );
  // Settled first: nothing may still be writing when the work folder is removed.
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function fetchOne(file: LockedFile, cache: string, target: string, policy: RetryPolicy): Promise<void> {
  const cached = cachedPath(cache, file);
  if (await take(cached, target)) return;
  await mkdir(dirname(cached), { recursive: true });
  const partial = join(dirname(cached), `.${randomUUID()}.partial`);
  try {
    await pRetry(() => download(file, partial), { ...policy, factor: 2 });
    await rename(partial, cached);
  } catch (error) {
    if (error instanceof Error && error.name === "TargetFailure") throw error;
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw targetFailure(
      "network",
      `${file.filename} could not be fetched. Try again later; check the index address and its certificate.`,
      String(reason),
      error,
    );
  } finally {
    await rm(partial, { force: true });
  }
  if (!(await take(cached, target))) throw new Error(`${cached} vanished while it was being used`);
}

/** A link keeps the bytes alive even if the cache drops the file meanwhile. */
async function take(cached: string, target: string): Promise<boolean> {
  try {
    await link(cached, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return false;
    await copyFile(cached, target);
  }
  const now = new Date();
  await utimes(cached, now, now).catch(() => undefined);
  return true;
}

async function download(file: LockedFile, path: string): Promise<void> {
  const abort = new AbortController();
  const stalled = () => abort.abort(new Error("no bytes for 30 s"));
  let timer = setTimeout(stalled, IDLE_MILLISECONDS);
  const output = await open(path, "w");
  try {
    const response = await fetch(file.url, { signal: abort.signal, dispatcher: dispatcherFor(file.url) });
    if (!response.ok || response.body === null) {
      // An unread body would hold its connection.
      await response.body?.cancel();
      throw refusal(file, response.status);
    }
    const digest = createHash("sha256");
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(stalled, IDLE_MILLISECONDS);
      digest.update(chunk);
      await output.write(chunk);
    }
    const sha256 = digest.digest("hex");
    if (sha256 !== file.sha256) throw mismatch(file, sha256);
  } finally {
    clearTimeout(timer);
    await output.close();
  }
}

function refusal(file: LockedFile, status: number): Error {
  if (status === 404 || status === 410) {
    const message = `${file.filename} is gone from the package index. Resolve again.`;
    return new AbortError(targetFailure("not-found", message, `status ${String(status)}`));
  }
  return new Error(`the package index answered ${String(status)} for ${file.filename}`);
}

function mismatch(file: LockedFile, sha256: string): Error {
  return new AbortError(
    targetFailure(
      "hash",
      `${file.filename} is not the file that was locked. Don't use it; resolve again, and tell who runs the index.`,
      `expected sha256 ${file.sha256}\nreceived sha256 ${sha256}`,
    ),
  );
}
