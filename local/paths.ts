/**
 * Paths below `.strata`. Tools (emulator, uv, engine) are shared by all platforms of a checkout. Data belongs to a *home*, so that a
 * test can have a platform of its own beside the running one.
 */
import { resolve } from "node:path";

/** The checkout this file belongs to. */
export const REPOSITORY = resolve(__dirname, "..");

/** The home of the platform that `start` runs, for a given root. */
export function platformHome(root: string = REPOSITORY): string {
  return resolve(root, ".strata", "run");
}

export interface ToolPaths {
  /** Holds every installed tool. */
  readonly tools: string;
  /** What builders keep between runs: uv's cache and fetched wheels. */
  readonly cache: string;
  /** The lock that is held while something is being installed. */
  readonly lock: string;
  /** The virtual environment made from requirements with this digest. */
  readonly python: (digest: string) => string;
  /** What packages of specs are built with, from requirements with this digest. */
  readonly specRequirements: (digest: string) => string;
  /** An engine; its binary is `bin/pulumi` below. */
  readonly engine: (version: string) => string;
}

/** Paths of the tools installed under `root`. */
export function toolPaths(root: string): ToolPaths {
  const tools = resolve(root, ".strata", "tools");
  return {
    tools,
    cache: resolve(root, ".strata", "cache"),
    lock: resolve(tools, "install.lock"),
    python: (digest) => resolve(tools, `python-${digest.slice(0, 12)}`),
    specRequirements: (digest) => resolve(tools, `specs-${digest.slice(0, 12)}`),
    engine: (version) => resolve(tools, `pulumi-${version}`),
  };
}

export interface HomePaths {
  readonly home: string;
  /** The lock that is held while the emulator is started or stopped. */
  readonly lock: string;
  /** Who runs the emulator: process, port, instance. */
  readonly record: string;
  readonly log: string;
  /** The emulator's own TMPDIR, where it also unpacks functions and layers. */
  readonly temporary: string;
  /** HOME of the emulator and of its Lambdas, so that they don't see the user's own. */
  readonly emptyHome: string;
  /** The engine's file backend. */
  readonly state: string;
  /** The instance of the emulator that `state` describes. */
  readonly stateInstance: string;
  /** The engine's own settings and plugins. */
  readonly engineHome: string;
  /** Where the engine runs for a stage: copies of the project and stack files. */
  readonly work: (stage: string) => string;
}

/** Paths of the data of one home. */
export function homePaths(home: string): HomePaths {
  const at = (...parts: string[]): string => resolve(home, ...parts);
  return {
    home: at(),
    lock: at("emulator.lock"),
    record: at("emulator.json"),
    log: at("emulator.log"),
    temporary: at("tmp"),
    emptyHome: at("emulator-home"),
    state: at("state"),
    stateInstance: at("state", "instance"),
    engineHome: at("engine-home"),
    work: (stage) => at("work", stage),
  };
}
