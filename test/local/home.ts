import { mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { REPOSITORY } from "../../local/paths";

const PARENT = join(REPOSITORY, ".strata", "test");

/** A directory under the checkout's `.strata`, where the engine's working directories must lie. */
export async function temporaryHome(): Promise<string> {
  for (;;) {
    await mkdir(PARENT, { recursive: true });
    try {
      return await mkdtemp(join(PARENT, "home-"));
    } catch (error) {
      // Another run has just removed its last home, and the parent with it.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

/** Removes a home, and with the last one the directory they lie in. */
export async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
  await rmdir(PARENT).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "ENOENT") throw error;
  });
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("It was expected to reject.");
}
