import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalError } from "./errors";
import { commandLineOf, isAlive } from "./processes";

/** The most that any work under a lock may take: a build of the engine on a slow machine. Milliseconds. */
export const LONGEST_WORK = 30 * 60_000;

/** How long we wait for others, who may be several one after the other. Milliseconds. */
const PATIENCE = 2 * LONGEST_WORK;

/**
 * Runs `work` while holding `file`. A lock whose holder is gone is taken over, so a crash never blocks the next run. `progress` is told
 * once who holds it, if we have to wait.
 * @throws LocalError when live processes keep it for more than an hour.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  progress: (message: string) => void = () => undefined,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const deadline = Date.now() + PATIENCE;
  let told: number | undefined;
  for (let holder = await tryLock(file); holder !== undefined; holder = await tryLock(file)) {
    if (holder !== 0 && holder !== told) {
      told = holder;
      progress(`Waiting for ${await describeHolder(holder)} (it holds ${file})`);
    }
    if (Date.now() > deadline) {
      throw new LocalError(
        `Another run holds ${file}: ${await describeHolder(holder)}. Wait for it to end, or remove the file if there is none.`,
      );
    }
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** The longest part of a command line that is still of use to a reader. */
const SHOWN = 120;

async function describeHolder(holder: number): Promise<string> {
  if (holder === process.pid) return "another part of this run";
  const command = await commandLineOf(holder);
  const shown = command === undefined ? "" : `: ${command.slice(0, SHOWN)}`;
  return `process ${String(holder)}${shown}`;
}

/** Answers undefined once the lock is ours; until then the process that holds it, or 0 where that can't be told yet. */
async function tryLock(file: string): Promise<number | undefined> {
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const holder = Number(await readFile(file, "utf8").catch(() => ""));
  // An empty file is a lock being written this instant.
  if (holder === 0 || isAlive(holder)) return holder;
  await rm(file, { force: true });
  return 0;
}
