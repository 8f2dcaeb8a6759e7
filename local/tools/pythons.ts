/** Finds Python interpreters that run. A file's name proves nothing, because a shim may exist and fail: each one is run and asked. */
import { execFile } from "node:child_process";
import { readdir, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import pLimit from "p-limit";

/** An interpreter that answered. */
export interface Interpreter {
  /** Absolute path of the interpreter itself, not of a shim. */
  readonly path: string;
  /** Minor version, such as `3.12`. */
  readonly version: string;
  /** True when it can create a virtual environment with pip in it. */
  readonly makesEnvironments: boolean;
}

/** Asks a file whether it is a Python; undefined when it isn't, or doesn't run. */
export type Probe = (path: string) => Promise<Interpreter | undefined>;

const NAME = /^python3(\.\d+)?$/;

const QUESTION = [
  "import importlib.util as u, json, sys",
  "print(json.dumps({'path': sys.executable, 'version': '%d.%d' % sys.version_info[:2],",
  "'makesEnvironments': all(u.find_spec(m) for m in ('venv', 'ensurepip'))}))",
].join("\n");

/** Runs an interpreter, isolated from the user's site-packages and PYTHON* variables. */
export const probePython: Probe = async (path) => {
  try {
    const { stdout } = await promisify(execFile)(path, ["-I", "-c", QUESTION], { timeout: 10_000 });
    return JSON.parse(stdout) as Interpreter;
  } catch {
    return undefined;
  }
};

/**
 * The interpreters of this machine, one per minor version, newest first. Where several have the same version, the first on PATH
 * that can make virtual environments wins.
 */
export async function findPythons(
  environment: NodeJS.ProcessEnv = process.env,
  probe: Probe = probePython,
): Promise<readonly Interpreter[]> {
  const candidates = await listCandidates(environment);
  const limit = pLimit(4);
  const answers = await Promise.all(candidates.map((path) => limit(() => probe(path))));
  return pickPythons(answers.filter((answer) => answer !== undefined));
}

/** One interpreter per minor version out of candidates in order of preference, newest first. */
export function pickPythons(found: readonly Interpreter[]): readonly Interpreter[] {
  const best = new Map<string, Interpreter>();
  for (const candidate of found) {
    const known = best.get(candidate.version);
    if (known === undefined || (!known.makesEnvironments && candidate.makesEnvironments)) {
      best.set(candidate.version, candidate);
    }
  }
  return [...best.values()].sort((one, other) => comparePythons(other.version, one.version));
}

/** Orders minor versions: `3.9` before `3.10`. */
export function comparePythons(one: string, other: string): number {
  const [oneMajor = 0, oneMinor = 0] = one.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return oneMajor - otherMajor || oneMinor - otherMinor;
}

async function listCandidates(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const home = environment["HOME"] ?? homedir();
  const pyenv = environment["PYENV_ROOT"] ?? join(home, ".pyenv");
  const directories = [
    ...(environment["PATH"] ?? "").split(delimiter).filter((directory) => directory !== ""),
    ...(await childrenOf(join(pyenv, "versions"), "bin")),
    ...(await childrenOf(join(home, ".local/share/uv/python"), "bin")),
    ...(await childrenOf("/Library/Frameworks/Python.framework/Versions", "bin")),
    "/opt/homebrew/bin",
    "/usr/local/bin",
    "/usr/bin",
  ];
  const seen = new Set<string>();
  for (const directory of directories) {
    for (const name of (await namesIn(directory)).filter((name) => NAME.test(name)).sort()) {
      seen.add(await realpath(join(directory, name)).catch(() => join(directory, name)));
    }
  }
  return [...seen];
}

async function childrenOf(directory: string, below: string): Promise<readonly string[]> {
  return (await namesIn(directory)).sort().map((name) => join(directory, name, below));
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((): string[] => []);
}
