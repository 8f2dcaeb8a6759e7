/** Fetches locked files into a cache, checks their hashes, and keeps the cache within a size. */
import { createHash, randomUUID } from "node:crypto";
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import pLimit from "p-limit";
import pRetry, { AbortError } from "p-retry";
import { fetch } from "undici";
import type { LockedFile } from "../../contracts/lock";
import { targetFailure } from "../failure";
import { dispatcherFor } from "../proxy";
import type { RetryPolicy } from "../settings";

/** Parallel downloads: enough to hide latency, and few enough to limit memory. */
const CONCURRENT_DOWNLOADS = 8;
const IDLE_MILLISECONDS = 30_000;

/** The path in the cache of a file with this hash. */
function cachedPath(cache: string, file: Pick<LockedFile, "filename" | "sha256">): string {
  return join(cache, "files", file.sha256, file.filename);
}

/**
 * Puts all files into `folder` under their own names. A file that is in the cache already is not downloaded.
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
  // All downloads have ended before an error is thrown, because the caller then removes the folder that they write to.
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function fetchOne(file: LockedFile, cache: string, target: string, policy: RetryPolicy): Promise<void> {
  const cached = cachedPath(cache, file);
  if (await linkCached(cached, target)) return;
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
  if (!(await linkCached(cached, target))) throw new Error(`${cached} disappeared while it was being used`);
}

/**
 * Links a file from the cache to `target`, where it stays even if the cache removes the file.
 * @returns false when the cache doesn't have it.
 */
async function linkCached(cached: string, target: string): Promise<boolean> {
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
      // A body that nobody reads would keep its connection busy.
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
    const message = `${file.filename} is no longer on the package index. Resolve again.`;
    return new AbortError(targetFailure("not-found", message, `status ${String(status)}`));
  }
  return new Error(`the package index answered ${String(status)} for ${file.filename}`);
}

function mismatch(file: LockedFile, sha256: string): Error {
  return new AbortError(
    targetFailure(
      "hash",
      `${file.filename} is not the file that was locked. Don't use it; resolve again, and tell whoever runs the index.`,
      `expected sha256 ${file.sha256}\nreceived sha256 ${sha256}`,
    ),
  );
}

/** Bytes of fetched files that are kept between invocations. The disk of a function is small. */
const CACHE_BYTES = 2 * 1024 ** 3;

/** A file of the cache. `used` is when a build last used it, in milliseconds since 1970. */
interface CachedFile {
  readonly folder: string;
  readonly bytes: number;
  readonly used: number;
}

/** The files to remove so that the rest fits: first the ones that were not used for the longest time. */
export function planEviction(files: readonly CachedFile[], limit: number): CachedFile[] {
  let total = files.reduce((sum, file) => sum + file.bytes, 0);
  const oldestFirst = [...files].sort((one, other) => one.used - other.used);
  return oldestFirst.filter((file) => {
    if (total <= limit) return false;
    total -= file.bytes;
    return true;
  });
}

/** Removes the files that `planEviction` names. Builds that are running have links of their own to them. */
export async function trimFileCache(cache: string, limit: number = CACHE_BYTES): Promise<void> {
  const root = join(cache, "files");
  const files: CachedFile[] = [];
  for (const name of await readdir(root).catch(() => [])) {
    const folder = join(root, name);
    for (const file of await readdir(folder).catch(() => [])) {
      const found = await stat(join(folder, file)).catch(() => undefined);
      if (found !== undefined) files.push({ folder, bytes: found.size, used: found.mtimeMs });
    }
  }
  for (const file of planEviction(files, limit)) await rm(file.folder, { recursive: true, force: true });
}
