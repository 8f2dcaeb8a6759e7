import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const PREFIX = "strata-work-";
const ours = new Set<string>();

/**
 * Runs `work` with an empty folder that is removed afterwards, whatever happens. Folders that a killed run left behind are
 * removed first: on Lambda they would fill the disk of the next invocation.
 */
export async function withWorkFolder<Result>(
  scratch: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  await mkdir(scratch, { recursive: true });
  await removeLeftovers(scratch);
  const folder = await mkdtemp(join(scratch, `${PREFIX}${String(process.pid)}-`));
  ours.add(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    ours.delete(folder);
  }
}

async function removeLeftovers(scratch: string): Promise<void> {
  for (const name of await readdir(scratch)) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || ours.has(join(scratch, name))) continue;
    // After a crash Lambda starts us under the same process id, so a folder of "ours" may be a predecessor's.
    if (Number(owner) === process.pid || !isAlive(Number(owner))) {
      await rm(join(scratch, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
