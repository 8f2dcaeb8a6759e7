/** What must be undone when the user presses Ctrl-C. While nothing is registered, Ctrl-C simply ends the process. */

/** Undoes something; failing is harmless, since the user asked to stop. */
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
 * Does the work, and the cleanup in its stead when Ctrl-C comes first.
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
