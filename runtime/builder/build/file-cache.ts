/** Keeps the cache of fetched files within a size: the disk of a function is small, a developer's not endless either. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of fetched files that are kept between invocations. */
export const CACHE_BYTES = 2 * 1024 ** 3;

/** A file of the cache; `used` is when a build last took it, in milliseconds. */
export interface CachedFile {
  readonly folder: string;
  readonly bytes: number;
  readonly used: number;
}

/** Which files must go so that the rest fits: the longest unused first. */
export function planEviction(files: readonly CachedFile[], limit: number): CachedFile[] {
  let total = files.reduce((sum, file) => sum + file.bytes, 0);
  const oldestFirst = [...files].sort((one, other) => one.used - other.used);
  return oldestFirst.filter((file) => {
    if (total <= limit) return false;
    total -= file.bytes;
    return true;
  });
}

/** Removes what `planEviction` says. Builds that run meanwhile hold links of their own. */
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
