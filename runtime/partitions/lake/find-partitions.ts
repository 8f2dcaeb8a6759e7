import pLimit from "p-limit";
import { UserError } from "../../shared/errors";
import type { Layout } from "../layout/layout";
import type { Window } from "../layout/window";
import type { FolderPage, FolderQuery, ListFolders } from "./folders";
import type { FoundPartitions } from "./found-partitions";
import type { Location } from "./location";

/** Listings at the same time. The SDK keeps 50 connections to a service. */
const MAX_LISTINGS = 32;
/** Probes of a level at the same time. They may all be wasted before the first of them shows that probes do not help. */
const MAX_PROBES = 16;

interface Search {
  readonly layout: Layout;
  readonly location: Location;
  readonly window: Window;
  readonly list: ListFolders;
  /** Receives everything that is found. */
  readonly found: FoundPartitions;
  /** Whether the table is expected to have more partitions than a page has objects. */
  readonly isLarge: boolean;
  /** Whether the time for listing is over. */
  readonly isOver: () => boolean;
}

/**
 * Finds a table's partitions in its bucket: goes down folder by folder, many at the same time, wherever the window may contain
 * something. Other folders and objects that it meets also go to `found`.
 * @throws UserError when there is more than one run can list.
 */
export async function findPartitions(search: Search): Promise<void> {
  await new PartitionSearch(search).visit("", 0);
}

/** One search. Prefixes and keys are relative to the table's location. */
class PartitionSearch {
  private readonly limit = pLimit(MAX_LISTINGS);
  private readonly probes = new Probes();

  constructor(private readonly search: Search) {}

  /** Finds everything below a folder, which is `depth` folders below the location. */
  async visit(prefix: string, depth: number): Promise<void> {
    const { layout, window } = this.search;
    const { children, startAfter } = layout.nextFolders(prefix, window);
    const folders = children ?? (await this.foldersBelow(prefix, depth, startAfter));
    const open = folders.filter((folder) => this.enter(folder, depth + 1));
    await Promise.all(open.map((folder) => this.visit(folder, depth + 1)));
  }

  /** Lists the folders directly below a folder. The list is empty if a probe has already taken everything that is there. */
  private async foldersBelow(prefix: string, depth: number, after?: string): Promise<readonly string[]> {
    const { layout, location, isLarge } = this.search;
    const startAfter = after === undefined ? undefined : location.prefix + after;
    const query = { prefix: location.prefix + prefix, startAfter };
    // Directly above the partitions, a page of folders already shows what a page of objects would show.
    const isWorthAProbe = depth < layout.depth - 1 && !(isLarge && depth === 0);
    if (isWorthAProbe && (await this.probes.attempt(depth, () => this.probe(query, depth)))) return [];
    const inside: string[] = [];
    let token: string | undefined;
    do {
      const { folders, objects, next } = await this.page({ ...query, as: "folders", token });
      for (const key of objects) this.addStray(this.relative(key));
      for (const folder of folders) inside.push(this.relative(folder));
      token = next;
    } while (token !== undefined);
    return inside;
  }

  /** Lists a page of objects, and takes them if the page has all of them. */
  private async probe(query: Omit<FolderQuery, "as">, depth: number): Promise<boolean> {
    const { objects, next } = await this.page({ ...query, as: "objects" });
    if (next !== undefined) return false;
    this.takeObjects(
      objects.map((key) => this.relative(key)),
      depth,
    );
    return true;
  }

  /** Takes all objects below a folder: goes through the folders in their keys as if each had been listed. */
  private takeObjects(keys: readonly string[], above: number): void {
    const entered = new Map<string, boolean>();
    for (const key of keys) {
      let end = 0;
      for (let depth = 1; depth <= this.search.layout.depth; depth++) {
        end = key.indexOf("/", end) + 1;
        if (end === 0) {
          this.addStray(key);
          break;
        }
        if (depth <= above) continue;
        const folder = key.slice(0, end);
        const goesOn = entered.get(folder) ?? this.enter(folder, depth);
        entered.set(folder, goesOn);
        if (!goesOn) break;
      }
    }
  }

  /** Takes a folder. It answers whether there may be partitions below the folder. */
  private enter(folder: string, depth: number): boolean {
    const { layout, window, found } = this.search;
    if (depth < layout.depth && layout.mismatch(folder) === undefined)
      return layout.mayContain(folder, window);
    found.add(folder);
    return false;
  }

  /** Takes an object above the partitions. The marker of a folder is not an object. */
  private addStray(key: string): void {
    if (key !== "" && !key.endsWith("/")) this.search.found.addStrayObject(key);
  }

  private page(query: FolderQuery): Promise<FolderPage> {
    const { list, location, isOver } = this.search;
    return this.limit(() => {
      if (isOver()) throw tooManyFolders(location);
      return list(query);
    });
  }

  private relative(key: string): string {
    return key.slice(this.search.location.prefix.length);
  }
}

function tooManyFolders(location: Location): UserError {
  return new UserError(
    `There are too many folders below ${location.text} to list in one run. Sync it in parts: ` +
      "./strata partitions sync --table ... --from ... --to ...",
  );
}

interface Level {
  readonly limit: ReturnType<typeof pLimit>;
  first?: Promise<boolean>;
  hits: number;
  misses: number;
}

/**
 * Decides where to try a probe: list all objects below a folder at once instead of going down folder by folder. If a page has all
 * of them, that one call replaces many; if not, it was wasted. So on each level one folder is tried first, and the others only as
 * long as there are not more misses than hits.
 */
class Probes {
  private readonly levels = new Map<number, Level>();

  /** Runs `probe`, which answers whether a page had everything. Answers false without running it where it is not worth a call. */
  async attempt(depth: number, probe: () => Promise<boolean>): Promise<boolean> {
    const level = this.levels.get(depth) ?? { limit: pLimit(MAX_PROBES), hits: 0, misses: 0 };
    this.levels.set(depth, level);
    if (level.first === undefined) {
      level.first = count(level, probe);
      return level.first;
    }
    await level.first;
    return level.limit(() => level.misses <= level.hits && count(level, probe));
  }
}

async function count(level: Level, probe: () => Promise<boolean>): Promise<boolean> {
  const hit = await probe();
  if (hit) level.hits++;
  else level.misses++;
  return hit;
}
