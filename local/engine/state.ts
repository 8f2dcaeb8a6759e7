/** Makes the engine's state fit the emulator that it describes. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Emulator } from "../emulator/emulator";
import { type HomePaths } from "../paths";
import { isAlive } from "../processes";
import { type Progress } from "../tools/tools";

/**
 * Makes the engine's state fit the emulator. The emulator keeps everything in memory, so state of an earlier instance describes
 * nothing that exists, and is deleted. State of a run that was killed is deleted too, with everything on the emulator. Locks of
 * processes that no longer exist are removed.
 */
export async function prepareState(
  paths: HomePaths,
  emulator: Pick<Emulator, "endpoint" | "instance"> | undefined,
  progress: Progress,
): Promise<void> {
  await mkdir(paths.state, { recursive: true });
  await removeDeadLocks(paths.state);
  if (emulator === undefined) return;
  const described = await readFile(paths.stateInstance, "utf8").catch(() => undefined);
  if (described === emulator.instance) {
    if (!(await isInterrupted(paths.state))) return;
    progress("An earlier run was killed before its end: starting again with an empty emulator");
    await fetch(`${emulator.endpoint}/_ministack/reset`, { method: "POST" });
  } else if (described !== undefined) {
    progress("The emulator was restarted: starting again with empty state");
  }
  await rm(paths.state, { recursive: true, force: true });
  await mkdir(paths.state, { recursive: true });
  await writeFile(paths.stateInstance, emulator.instance);
}

interface Checkpoint {
  readonly checkpoint?: { readonly latest?: { readonly pending_operations?: readonly unknown[] | null } };
}

/** Whether any stack has operations that began and never ended. */
async function isInterrupted(state: string): Promise<boolean> {
  const files = await filesBelow(join(state, ".pulumi", "stacks"), ".json");
  const checkpoints = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(file, "utf8")) as Checkpoint),
  );
  return checkpoints.some(({ checkpoint }) => (checkpoint?.latest?.pending_operations ?? []).length > 0);
}

/** The engine's lock files name the process that took them. */
async function removeDeadLocks(state: string): Promise<void> {
  for (const file of await filesBelow(join(state, ".pulumi", "locks"), ".json")) {
    const holder = JSON.parse(await readFile(file, "utf8")) as { readonly pid?: number };
    if (holder.pid !== undefined && !isAlive(holder.pid)) await rm(file, { force: true });
  }
}

async function filesBelow(directory: string, extension: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name));
}
