import { foldersOf, junkReason } from "./junk";

/** Folders that are looked into below a table's location to find its layout. */
export const SAMPLE_LEVELS = 12;

/** Folders of a level that are looked into. */
const SAMPLES_PER_LEVEL = 6;

/** A few of a level's folders: the first, the last and some evenly between, without junk. */
export function pickSamples(prefixes: readonly string[], most = SAMPLES_PER_LEVEL): readonly string[] {
  const sound = prefixes.filter((prefix) => junkReason(foldersOf(prefix).at(-1) ?? "") === undefined);
  if (sound.length <= most) return sound;
  const picked = Array.from(
    { length: most },
    (_, index) => sound[Math.round((index * (sound.length - 1)) / Math.max(most - 1, 1))],
  );
  return picked.filter((prefix) => prefix !== undefined);
}

/** The samples' folders, without those that have junk among them. */
export function soundFolders(samples: readonly string[]): readonly (readonly string[])[] {
  return samples
    .filter((sample) => sample !== "")
    .map(foldersOf)
    .filter((folders) => folders.every((folder) => junkReason(folder) === undefined));
}
