import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalError } from "./errors";
import { isAlive } from "./processes";

/** How long somebody else may hold a lock: a first start on a slow machine builds the engine meanwhile. Milliseconds. */
const PATIENCE = 20 * 60_000;

/**
 * Runs `work` while holding `file`. A lock whose holder is gone is taken over, so a crash never blocks the next run.
 * @throws LocalError when another live process keeps it for more than 20 minutes.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const deadline = Date.now() + PATIENCE;
  while (!(await tryLock(file))) {
    if (Date.now() > deadline) {
      throw new LocalError(
        `Another run holds ${file}. Wait for it to end, or remove the file if there is none.`,
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

async function tryLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const holder = Number(await readFile(file, "utf8").catch(() => ""));
  // An empty file is a lock being written this instant.
  if (holder !== 0 && !isAlive(holder)) await rm(file, { force: true });
  return false;
}
