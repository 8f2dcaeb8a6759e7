import pLimit from "p-limit";

/** Probes of a level that go on at once: so many may be lost before the first of them tells that they are in vain. */
const PROBES_AT_ONCE = 16;

interface Level {
  readonly limit: ReturnType<typeof pLimit>;
  first?: Promise<boolean>;
  hits: number;
  misses: number;
}

/**
 * Decides where to list every object below a folder at once instead of going down folder by folder. Where a page holds all of
 * them, that one call stands for many; where it doesn't, it was for nothing. So on each level one folder is tried first, and
 * the others only as long as it pays.
 */
export class Probes {
  private readonly levels = new Map<number, Level>();

  /** Runs `probe`, which answers whether a page held everything; answers false without it where that is not worth a call. */
  async attempt(depth: number, probe: () => Promise<boolean>): Promise<boolean> {
    const level = this.levels.get(depth) ?? { limit: pLimit(PROBES_AT_ONCE), hits: 0, misses: 0 };
    this.levels.set(depth, level);
    if (level.first === undefined) {
      level.first = counted(level, probe);
      return level.first;
    }
    await level.first;
    return level.limit(() => level.misses <= level.hits && counted(level, probe));
  }
}

async function counted(level: Level, probe: () => Promise<boolean>): Promise<boolean> {
  const hit = await probe();
  if (hit) level.hits++;
  else level.misses++;
  return hit;
}
