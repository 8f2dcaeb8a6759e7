/** Finds and ends processes, on Linux and on macOS. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** Whether a process exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The command line of a process, or undefined when there is none. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    const raw = await readFile(`/proc/${String(pid)}/cmdline`, "utf8").catch(() => "");
    return raw === "" ? undefined : raw.replaceAll("\0", " ").trim();
  }
  const shown = await processTable(["-o", "args=", "-p", String(pid)]);
  return shown === "" ? undefined : shown.trim();
}

/** Asks a process group to end, kills it after `patience` milliseconds, and returns when no member is left. */
export async function endGroup(leader: number, patience = 5000): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!signalGroup(leader, signal)) return;
    // A stopped process takes its SIGTERM only when it continues.
    signalGroup(leader, "SIGCONT");
    const deadline = Date.now() + patience;
    while (Date.now() < deadline) {
      if (!signalGroup(leader, 0)) return;
      await sleep(50);
    }
  }
}

/** Whether the group had a member to take the signal. macOS answers EPERM when all members have ended. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH" || code === "EPERM") return false;
    throw error;
  }
}

/** Kills the members of a process group whose command line names `directory`, and no other process. */
export async function endMembers(leader: number, directory: string): Promise<void> {
  const listed = await processTable(["-A", "-o", "pid=,pgid=,args="]);
  for (const line of listed.split("\n")) {
    const [, pid, group, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (Number(group) !== leader || command?.includes(directory) !== true) continue;
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** What `ps` prints; empty where it finds nothing, or isn't installed. */
async function processTable(options: readonly string[]): Promise<string> {
  const shown = promisify(execFile)("ps", ["-ww", ...options], { maxBuffer: 16 * 1024 * 1024 });
  return shown.then(
    ({ stdout }) => stdout,
    () => "",
  );
}
