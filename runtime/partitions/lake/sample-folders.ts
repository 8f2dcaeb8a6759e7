import type { ListFolders } from "./folders";
import type { Location } from "./location";
import { pickSamples, SAMPLE_LEVELS } from "../layout/samples";

/** Folders of a level that are looked into. */
const SAMPLES_PER_LEVEL = 6;

/**
 * Looks at a few folders below a table's location, level by level, one page each. Answers the deepest that it saw, relative to
 * the location. Where folders are named as Hive does, by so many `keys`, it looks no deeper than those.
 */
export async function sampleFolders(
  list: ListFolders,
  location: Location,
  keys: number,
): Promise<readonly string[]> {
  let seen: readonly string[] = [];
  let open: readonly string[] = [""];
  for (let level = 0; level < SAMPLE_LEVELS && open.length > 0; level++) {
    const pages = await Promise.all(
      open.map((prefix) => list({ prefix: location.prefix + prefix, as: "folders" })),
    );
    const folders = pages.flatMap((page) => page.folders.map((key) => key.slice(location.prefix.length)));
    if (folders.length > 0) seen = folders;
    open = pickSamples(folders, SAMPLES_PER_LEVEL).filter((folder) => folder.split("=").length <= keys);
  }
  return seen;
}
