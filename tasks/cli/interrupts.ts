/** What to clean up when the user presses Ctrl-C. While there is nothing, Ctrl-C ends the process at once. */

/** Cleans something up. It may fail: the user asked to stop. */
type Cleanup = () => Promise<unknown>;

/** The shell's exit code for a program that SIGINT ended. */
const INTERRUPTED = 130;
/** Milliseconds that cleaning up may take. */
const PATIENCE = 10_000;

const cleanups = new Set<Cleanup>();

function onSignal(): void {
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const all = Promise.allSettled([...cleanups].map((cleanup) => cleanup()));
  void Promise.race([all, patience]).finally(() => process.exit(INTERRUPTED));
}

/**
 * Does the work; on Ctrl-C, does the cleanup and ends the process.
 *
 * @returns what the work returns.
 */
export async function withCleanup<T>(cleanup: Cleanup, work: () => Promise<T>): Promise<T> {
  if (cleanups.size === 0) process.once("SIGINT", onSignal);
  cleanups.add(cleanup);
  try {
    return await work();
  } finally {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) process.off("SIGINT", onSignal);
  }
}
