/** Starts and stops the AWS emulator of a home: one detached process, on loopback only, with IAM enforced. */
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { emulatorEnvironment } from "./environment";
import { emulatorProgram, type EmulatorProgram } from "./program";
import { LocalError } from "../errors";
import { withLock } from "../lock";
import { type HomePaths, homePaths } from "../paths";
import { commandLineOf, endGroup, endMembers, isAlive } from "../processes";
import { type Progress, type Tools } from "../tools/tools";

/** The port, unless another one is asked for. */
const DEFAULT_PORT = 14566;

/** A running emulator. */
export interface Emulator {
  /** Such as `http://127.0.0.1:14566`. */
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  /** A new one for each start. The emulator keeps everything in memory, so what describes its contents is true for one instance only. */
  readonly instance: string;
  readonly log: string;
}

export interface StartOptions {
  readonly home: string;
  readonly tools: Tools;
  /** Folder with what packages of specs are built with. Without it, no function can build one. */
  readonly specRequirements?: string;
  /** @default the port of the one that runs, else 14566 */
  readonly port?: number;
  readonly environment?: NodeJS.ProcessEnv;
  readonly progress?: Progress;
  /** Milliseconds that a running emulator may take to answer before it is ended. @default 30,000 */
  readonly patience?: number;
}

interface Registration {
  readonly pid: number;
  readonly port: number;
  readonly instance: string;
  /** Digest of the program it runs. */
  readonly program: string;
}

/** Milliseconds within which a new emulator must answer. It takes about two seconds. */
const START_TIMEOUT = 60_000;
/** Milliseconds within which it answers, unless the machine is busy or the process was stopped. */
const USUAL_ANSWER = 2000;
/** Milliseconds after which an emulator that doesn't answer is ended, which loses everything in it. */
const PATIENCE = 30_000;

/**
 * Starts the emulator of a home, or finds the one that runs. What a crashed one left is removed first. One that runs an older
 * program than this checkout's is replaced, on the same port.
 * @throws LocalError when the port is taken, or the emulator doesn't come up.
 */
export async function startEmulator(
  options: StartOptions,
): Promise<Emulator & { readonly started: boolean }> {
  const paths = homePaths(options.home);
  const progress = options.progress ?? (() => undefined);
  const program = await emulatorProgram(options.tools, options);
  const reuseOrLaunch = async (): Promise<Emulator & { readonly started: boolean }> => {
    const running = await emulatorStatus(options.home, options);
    if (running !== undefined) {
      if (options.port !== undefined && options.port !== running.port) {
        throw new LocalError(
          `The emulator already runs on port ${String(running.port)}. Stop it first (./strata stop), or leave out --port.`,
        );
      }
      if ((await readRegistration(paths))?.program === program.digest) {
        progress(`Emulator: already running at ${running.endpoint}`);
        return { ...running, started: false };
      }
      progress("Emulator: the running one is of an older version of Strata; an empty one replaces it");
    }
    if ((await clear(paths)) && running === undefined) {
      progress("Emulator: the old one didn't answer and was ended");
    }
    const port = options.port ?? running?.port ?? DEFAULT_PORT;
    const emulator = await launch(paths, program, { ...options, port });
    progress(`Emulator: ${emulator.endpoint}, IAM enforced, log in ${emulator.log}`);
    return { ...emulator, started: true };
  };
  return withLock(paths.lock, reuseOrLaunch, progress);
}

/** Ends the emulator of a home with all its Lambda workers. Its data is lost. Answers whether there was one. */
export async function stopEmulator(home: string, progress?: Progress): Promise<boolean> {
  const paths = homePaths(home);
  // Don't create a home that was never used.
  if (!existsSync(paths.home)) return false;
  return withLock(paths.lock, () => clear(paths), progress);
}

/** The emulator of a home, if it runs and answers. Waits for one that is busy. */
export async function emulatorStatus(
  home: string,
  options: Pick<StartOptions, "patience" | "progress"> = {},
): Promise<Emulator | undefined> {
  const paths = homePaths(home);
  const registration = await readRegistration(paths);
  if (registration === undefined || !(await isOurs(registration))) return undefined;
  const emulator = describe(registration, paths);
  return (await answers(emulator, options)) ? emulator : undefined;
}

/** Stops the emulator of a home and deletes everything in it: the emulator's data, the engine's state, logs. */
export async function resetHome(home: string): Promise<void> {
  await stopEmulator(home);
  await rm(home, { recursive: true, force: true });
}

async function launch(
  paths: HomePaths,
  program: EmulatorProgram,
  { port, ...options }: StartOptions & { readonly port: number },
): Promise<Emulator> {
  await assertFree(port);
  await Promise.all(
    [paths.temporary, paths.emptyHome].map((directory) => mkdir(directory, { recursive: true })),
  );
  const instance = randomUUID();
  const log = openSync(paths.log, "w");
  // The instance on the command line identifies our process: its id alone may belong to another one later.
  // -B: no caches of Python in the checkout.
  const child = spawn(options.tools.python, ["-B", program.script, instance], {
    cwd: paths.home,
    detached: true,
    env: emulatorEnvironment({
      port,
      paths,
      tools: options.tools,
      specRequirements: options.specRequirements,
      environment: options.environment ?? process.env,
    }),
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const failed = new Promise<Error>((resolve) => child.once("error", resolve));
  if (child.pid === undefined)
    throw new LocalError("The emulator couldn't be started.", { cause: await failed });
  child.unref();
  const registration: Registration = { pid: child.pid, port, instance, program: program.digest };
  await writeFile(paths.record, JSON.stringify(registration));
  const emulator = describe(registration, paths);
  await waitUntilHealthy(emulator, paths);
  return emulator;
}

/** Whether an emulator answers, at once or after some time. */
async function answers(
  emulator: Emulator,
  { patience = PATIENCE, progress }: Pick<StartOptions, "patience" | "progress">,
): Promise<boolean> {
  if (await isHealthy(emulator.endpoint, Math.min(patience, USUAL_ANSWER))) return true;
  if (!isAlive(emulator.pid)) return false;
  const seconds = String(Math.ceil(patience / 1000));
  progress?.(
    `Emulator: process ${String(emulator.pid)} is alive but doesn't answer; waiting for it up to ${seconds} s`,
  );
  return becomesHealthy(emulator, patience);
}

async function becomesHealthy(emulator: Emulator, patience: number): Promise<boolean> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline && isAlive(emulator.pid)) {
    if (await isHealthy(emulator.endpoint, Math.min(patience, USUAL_ANSWER))) return true;
    await sleep(100);
  }
  return false;
}

async function waitUntilHealthy(emulator: Emulator, paths: HomePaths): Promise<void> {
  if (await becomesHealthy(emulator, START_TIMEOUT)) return;
  await clear(paths);
  const lines = (await readFile(emulator.log, "utf8").catch(() => "")).trimEnd().split("\n").slice(-10);
  throw new LocalError(
    `The emulator didn't come up on port ${String(emulator.port)}. The end of ${emulator.log}:\n${lines.join("\n")}`,
  );
}

/** Ends the processes that the registration names, and removes what their run left in the home. */
async function clear(paths: HomePaths): Promise<boolean> {
  const registration = await readRegistration(paths);
  const wasRunning = registration !== undefined && (await isOurs(registration));
  if (registration !== undefined) {
    if (wasRunning) await endGroup(registration.pid);
    // Workers of a killed emulator are known by the files they run, which are in this home.
    else await endMembers(registration.pid, paths.temporary);
  }
  await rm(paths.record, { force: true });
  await rm(paths.temporary, { recursive: true, force: true, maxRetries: 5 });
  return wasRunning;
}

async function isOurs(registration: Registration): Promise<boolean> {
  return (await commandLineOf(registration.pid))?.includes(registration.instance) ?? false;
}

async function isHealthy(endpoint: string, timeout: number): Promise<boolean> {
  try {
    const answer = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(timeout) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

async function assertFree(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      server.close(() => {
        resolve();
      });
    });
  }).catch((error: unknown) => {
    throw new LocalError(
      `Port ${String(port)} on 127.0.0.1 is in use by another program. Stop that program, or choose another port with --port.`,
      { cause: error },
    );
  });
}

async function readRegistration(paths: HomePaths): Promise<Registration | undefined> {
  try {
    return JSON.parse(await readFile(paths.record, "utf8")) as Registration;
  } catch {
    return undefined;
  }
}

function describe({ pid, port, instance }: Registration, paths: HomePaths): Emulator {
  return { pid, port, instance, endpoint: `http://127.0.0.1:${String(port)}`, log: paths.log };
}
