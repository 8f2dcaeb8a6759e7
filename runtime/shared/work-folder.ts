import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const PREFIX = "strata-work-";
const active = new Set<string>();

/**
 * Runs `work` with an empty folder, which is always removed afterwards. Folders of runs that were killed are removed first:
 * on Lambda they would fill the disk of the next invocation.
 */
export async function withWorkFolder<Result>(
  scratch: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  await mkdir(scratch, { recursive: true });
  await removeLeftovers(scratch);
  const folder = await mkdtemp(join(scratch, `${PREFIX}${String(process.pid)}-`));
  active.add(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    active.delete(folder);
  }
}

async function removeLeftovers(scratch: string): Promise<void> {
  for (const name of await readdir(scratch)) {
    const processId = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (processId === undefined || active.has(join(scratch, name))) continue;
    // After a crash Lambda may start us with the same process id. So a folder with our id can be one of the crashed process.
    if (Number(processId) === process.pid || !isAlive(Number(processId))) {
      await rm(join(scratch, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
