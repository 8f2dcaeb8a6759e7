import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalError } from "./errors";
import { commandLineOf, isAlive } from "./processes";

/** The longest that any work under a lock takes: a build of the engine on a slow machine. Milliseconds. */
export const LONGEST_WORK = 30 * 60_000;

/** How long a process waits for others, of which there may be several. Milliseconds. */
const PATIENCE = 2 * LONGEST_WORK;

/**
 * Runs `work` while holding the lock `file`. A lock of a process that no longer exists is taken over, so a crash never blocks the
 * next run. `progress` is told once who holds the lock, if this process has to wait.
 * @throws LocalError when other processes hold it for more than an hour.
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

/** Characters of a command line that are shown. */
const SHOWN = 120;

async function describeHolder(holder: number): Promise<string> {
  if (holder === process.pid) return "another part of this run";
  const command = await commandLineOf(holder);
  const shown = command === undefined ? "" : `: ${command.slice(0, SHOWN)}`;
  return `process ${String(holder)}${shown}`;
}

/** Undefined when this process got the lock. Else the process that holds it, or 0 when that isn't known yet. */
async function tryLock(file: string): Promise<number | undefined> {
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const holder = Number(await readFile(file, "utf8").catch(() => ""));
  // An empty file is a lock that is being written right now.
  if (holder === 0 || isAlive(holder)) return holder;
  await rm(file, { force: true });
  return 0;
}
