/** Reads assets and archives, and zips them so that equal content gives equal bytes. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { unzipSync, type Zippable, zipSync } from "fflate";
import { type Archive, type Asset } from "./values";

/** Written in local time, so made in local time: the same bytes in every time zone. */
const EPOCH = new Date(1980, 0, 1);

/** Content of an asset. */
export async function readAsset(asset: Asset): Promise<Uint8Array> {
  if (asset.text !== undefined) return Buffer.from(asset.text);
  if (asset.path !== undefined) return readFile(asset.path);
  throw new Error("The local provider reads assets from text and files only, not from URLs.");
}

/** A zip of an archive's files, sorted, all with the same time and mode; an archive that is a zip file as it is. */
export async function zipArchive(archive: Archive): Promise<Uint8Array> {
  // A zip made by someone else stays as it is: its bytes may matter.
  if (archive.path !== undefined && !(await stat(archive.path)).isDirectory()) return readFile(archive.path);
  const files = new Map<string, Uint8Array>();
  await collect(archive, "", files);
  const entries: Zippable = {};
  for (const name of [...files.keys()].sort()) {
    const mode = 0o100755;
    entries[name] = [files.get(name) ?? new Uint8Array(), { mtime: EPOCH, os: 3, attrs: (mode << 16) >>> 0 }];
  }
  return zipSync(entries);
}

async function collect(
  content: Asset | Archive,
  name: string,
  files: Map<string, Uint8Array>,
): Promise<void> {
  if (content.kind === "asset") {
    files.set(name, await readAsset(content));
  } else if (content.assets !== undefined) {
    for (const [child, value] of Object.entries(content.assets))
      await collect(value, posix.join(name, child), files);
  } else if (content.path !== undefined) {
    await collectPath(content.path, name, files);
  } else {
    throw new Error("The local provider reads archives from assets and paths only, not from URLs.");
  }
}

async function collectPath(path: string, name: string, files: Map<string, Uint8Array>): Promise<void> {
  if (!(await stat(path)).isDirectory()) {
    for (const [child, bytes] of Object.entries(unzipSync(await readFile(path)))) {
      if (!child.endsWith("/")) files.set(posix.join(name, child), bytes);
    }
    return;
  }
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const relative = file.slice(path.length).replace(/^\/+/, "");
    files.set(posix.join(name, relative), await readFile(file));
  }
}
