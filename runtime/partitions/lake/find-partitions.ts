import pLimit from "p-limit";
import { UserError } from "../../shared/errors";
import type { FolderPage, FolderQuery, ListFolders } from "./folders";
import type { FoundPartitions } from "./found";
import type { Layout } from "../layout/layout";
import type { Location } from "./location";
import { Probes } from "./probes";
import type { Window } from "../layout/window";

/** Listings that go on at once. The SDK keeps 50 connections to a service. */
const LISTINGS_AT_ONCE = 32;

export interface Search {
  readonly layout: Layout;
  readonly location: Location;
  readonly window: Window;
  readonly list: ListFolders;
  readonly found: FoundPartitions;
  /** Whether there are more partitions than a page holds objects, as far as is known. */
  readonly isLarge: boolean;
  /** Whether the time for listing is up. */
  readonly isOver: () => boolean;
}

/**
 * Looks for a table's partitions in its bucket, folder by folder, many at a time, where the window may hold any. Whatever
 * lies there besides is told to `found` as well.
 * @throws UserError when there is more than can be listed in one run.
 */
export async function findPartitions({
  layout,
  location,
  window,
  list,
  found,
  isLarge,
  isOver,
}: Search): Promise<void> {
  const limit = pLimit(LISTINGS_AT_ONCE);
  const probes = new Probes();
  const inBucket = (prefix: string): string => location.prefix + prefix;
  const below = (key: string): string => key.slice(location.prefix.length);
  const page = (query: FolderQuery): Promise<FolderPage> =>
    limit(() => {
      if (isOver()) throw tooMuch(location);
      return list(query);
    });

  /** Takes note of a folder; answers whether there may be partitions below it. */
  const enter = (folder: string, depth: number): boolean => {
    if (depth < layout.depth && layout.misfit(folder) === undefined) return layout.admits(folder, window);
    found.add(folder);
    return false;
  };

  /** Takes note of an object above the partitions; the marker of a folder is none. */
  const takeStray = (key: string): void => {
    if (key !== "" && !key.endsWith("/")) found.stray(key);
  };

  /** Goes by the whole keys of all objects below a folder, in their order. */
  const takeObjects = (keys: readonly string[], above: number): void => {
    const decided = new Map<string, boolean>();
    for (const key of keys) {
      let end = 0;
      for (let depth = 1; depth <= layout.depth; depth++) {
        end = key.indexOf("/", end) + 1;
        if (end === 0) {
          takeStray(key);
          break;
        }
        if (depth <= above) continue;
        const folder = key.slice(0, end);
        const goesOn = decided.get(folder) ?? enter(folder, depth);
        decided.set(folder, goesOn);
        if (!goesOn) break;
      }
    }
  };

  /** Lists the folders just below that are yet to be entered: none where a probe found all that lies there. */
  const listBelow = async (prefix: string, depth: number, after?: string): Promise<readonly string[]> => {
    const query = { prefix: inBucket(prefix), startAfter: after === undefined ? undefined : inBucket(after) };
    const probe = async (): Promise<boolean> => {
      const { objects, next } = await page({ ...query, as: "objects" });
      if (next === undefined) takeObjects(objects.map(below), depth);
      return next === undefined;
    };
    // Just above the partitions, a page of folders tells all that a page of objects could.
    const isWorthAProbe = depth < layout.depth - 1 && !(isLarge && depth === 0);
    if (isWorthAProbe && (await probes.attempt(depth, probe))) return [];
    const inside: string[] = [];
    let token: string | undefined;
    do {
      const { folders, objects, next } = await page({ ...query, as: "folders", token });
      for (const key of objects) takeStray(below(key));
      for (const folder of folders) inside.push(below(folder));
      token = next;
    } while (token !== undefined);
    return inside;
  };

  const visit = async (prefix: string, depth: number): Promise<void> => {
    const { children, startAfter } = layout.below(prefix, window);
    const folders = children ?? (await listBelow(prefix, depth, startAfter));
    const open = folders.filter((folder) => enter(folder, depth + 1));
    await Promise.all(open.map((folder) => visit(folder, depth + 1)));
  };

  await visit("", 0);
}

function tooMuch(location: Location): UserError {
  return new UserError(
    `There are too many folders below ${location.text} to list in one run. Sync it in parts: ` +
      "./strata partitions sync --table ... --from ... --to ...",
  );
}
