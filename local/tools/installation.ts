import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { LocalError, messageOf } from "../errors";
import { withLock } from "../lock";

/** Tells the user what happens, one sentence a call. */
export type Progress = (message: string) => void;

/** Something installed from a Python package index into a folder of its own. */
export interface Installation {
  /** What it is, in a sentence: "the emulator". */
  readonly what: string;
  readonly directory: string;
  /** Taken while it is being installed. */
  readonly lock: string;
  /** Creates and fills the folder, and answers the minor version of the Python that it is for. */
  readonly install: () => Promise<string>;
  /** Whether what is installed for that Python still works. */
  readonly works: (version: string) => Promise<boolean>;
  readonly progress: Progress;
}

/**
 * Installs something, unless a complete installation exists that works.
 * @returns the minor version of the Python that it is for.
 * @throws LocalError when the installation fails.
 */
export async function ensureInstalled(installation: Installation): Promise<string> {
  const { directory, lock, progress } = installation;
  return (
    (await installedVersion(installation)) ??
    withLock(
      lock,
      async () => {
        const already = await installedVersion(installation);
        if (already !== undefined) return already;
        await rm(directory, { recursive: true, force: true });
        const version = await install(installation);
        // Last, so that after a crash nothing looks installed.
        await writeFile(stampOf(directory), version);
        return version;
      },
      progress,
    )
  );
}

/** Runs a program that installs something. It may take ten minutes. */
export async function runInstaller(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<void> {
  await promisify(execFile)(program, args, {
    env: { ...process.env, ...environment },
    timeout: 10 * 60_000,
  });
}

async function install({ what, install }: Installation): Promise<string> {
  try {
    return await install();
  } catch (error) {
    if (error instanceof LocalError) throw error;
    throw new LocalError(
      `Installing ${what} failed: ${lastLine(error)} Check that this machine reaches its Python package index, then start again.`,
      { cause: error },
    );
  }
}

async function installedVersion({ directory, works }: Installation): Promise<string | undefined> {
  const stamp = await readFile(stampOf(directory), "utf8").catch(() => undefined);
  return stamp !== undefined && (await works(stamp)) ? stamp : undefined;
}

function stampOf(directory: string): string {
  return join(directory, "installed");
}

function lastLine(error: unknown): string {
  const stderr = (error as { stderr?: unknown }).stderr;
  const text = typeof stderr === "string" && stderr.trim() !== "" ? stderr.trim() : messageOf(error);
  return text.split("\n").at(-1) ?? "";
}
