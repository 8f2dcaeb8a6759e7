import { mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "mocha";
import { type Emulator, startEmulator, stopEmulator } from "../../local/emulator/emulator";
import { REPOSITORY } from "../../local/paths";
import { ensureTools, type Tools } from "../../local/tools/tools";

const PARENT = join(REPOSITORY, ".strata", "test");

/** A directory under the checkout's `.strata`, where the engine's working directories must be. */
export async function temporaryHome(): Promise<string> {
  for (;;) {
    await mkdir(PARENT, { recursive: true });
    try {
      return await mkdtemp(join(PARENT, "home-"));
    } catch (error) {
      // Another run has just removed its last home, and the directory of all homes.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

/** Removes a home, and after the last one the directory of all homes. */
export async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
  await rmdir(PARENT).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "ENOENT") throw error;
  });
}

/** A home for each test of a suite, removed after it with the emulator in it. Call at the top of `describe`. */
export function homeForEachTest(): () => string {
  let home = "";
  beforeEach(async () => {
    home = await temporaryHome();
  });
  afterEach(async () => {
    await stopEmulator(home);
    await removeHome(home);
  });
  return () => home;
}

/** An emulator for a suite, in a home of its own. Call at the top of `describe`. */
export function suiteEmulator(): () => Emulator & { readonly home: string } {
  let home = "";
  let emulator: Emulator | undefined;
  before(async function () {
    this.timeout(10 * 60_000);
    home = await temporaryHome();
    emulator = await startEmulator({ home, tools: await testTools(), port: await freePort() });
  });
  after(async () => {
    await stopEmulator(home);
    await removeHome(home);
  });
  return () => {
    if (emulator === undefined) throw new Error("The emulator runs only while tests run.");
    return { ...emulator, home };
  };
}

let tools: Promise<Tools> | undefined;

/** The tools of this checkout. Looked for once in a process, since each interpreter of the machine is asked. */
export function testTools(): Promise<Tools> {
  tools ??= ensureTools();
  return tools;
}

/** A port that is free at the moment. */
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
