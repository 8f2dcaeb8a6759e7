/** Installs the emulator and uv into a virtual environment under `.strata/tools`. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LocalError } from "../errors";
import { ensureInstalled, type Progress, runInstaller } from "./installation";
import { REPOSITORY, toolPaths } from "../paths";
import { comparePythons, findPythons, type Interpreter, probePython } from "./pythons";

export type { Progress };

/** What is installed. All paths are absolute. */
export interface Tools {
  /** Runs the emulator, and with it every Python Lambda. */
  readonly python: string;
  /** Minor version of `python`, such as `3.12`. */
  readonly pythonVersion: string;
  readonly uv: string;
  /** Holds `uv` and `python`. */
  readonly bin: string;
  /** Every interpreter of the machine, by minor version. */
  readonly pythons: Readonly<Record<string, string>>;
}

/** The variables in which a function that runs programs finds them, here and inside a Lambda. */
export function toolEnvironment({ uv, pythons }: Pick<Tools, "uv" | "pythons">): Record<string, string> {
  return { STRATA_UV: uv, STRATA_PYTHONS: JSON.stringify(pythons) };
}

export interface ToolOptions {
  /** `.strata` is made below. @default the checkout */
  readonly root?: string;
  /** Pinned requirements with hashes. @default local/tools/requirements.txt */
  readonly requirements?: string;
  readonly progress?: Progress;
  /** @default the interpreters found on this machine */
  readonly pythons?: readonly Interpreter[];
}

/** The emulator runs every Python Lambda with its own interpreter, so it should be one that the catalog builds for. */
const PREFERRED = ["3.13", "3.12"];
const OLDEST = "3.11";

/**
 * Installs the tools, unless they are installed.
 * @throws LocalError when there is no suitable Python, or the installation fails.
 */
export async function ensureTools(options: ToolOptions = {}): Promise<Tools> {
  const progress = options.progress ?? (() => undefined);
  const paths = toolPaths(options.root ?? REPOSITORY);
  const requirements = options.requirements ?? join(REPOSITORY, "local/tools/requirements.txt");
  const digest = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex");
  const directory = paths.python(digest);
  const pythons = options.pythons ?? (await findPythons());
  const bin = join(directory, "bin");
  const pythonVersion = await ensureInstalled({
    what: "the emulator",
    directory,
    lock: paths.lock,
    install: () => install(directory, requirements, choosePython(pythons), progress),
    // A virtual environment stops working when its interpreter is uninstalled.
    works: async (version) => (await probePython(join(bin, "python")))?.version === version,
    progress,
  });
  return {
    python: join(bin, "python"),
    pythonVersion,
    uv: join(bin, "uv"),
    bin,
    pythons: Object.fromEntries(pythons.map((python) => [python.version, python.path])),
  };
}

/**
 * The interpreter to run the emulator with.
 * @throws LocalError when none is recent enough or able to make a virtual environment.
 */
export function choosePython(pythons: readonly Interpreter[]): Interpreter {
  const able = pythons
    .filter((python) => python.makesEnvironments && comparePythons(python.version, OLDEST) >= 0)
    .sort((one, other) => comparePythons(other.version, one.version));
  const preferred = PREFERRED.map((version) => able.find((python) => python.version === version));
  const choice = preferred.find((python) => python !== undefined) ?? able[0];
  if (choice !== undefined) return choice;
  const found = pythons.map(({ version, path, makesEnvironments }) =>
    makesEnvironments ? `${version} (${path})` : `${version} (${path}, without venv and ensurepip)`,
  );
  throw new LocalError(
    `Python ${OLDEST} or later with venv is needed to run the emulator; found ${found.join(", ") || "none"}. ` +
      `Install Python 3.13, for instance with your system's package manager (on Debian: python3.13 python3.13-venv).`,
  );
}

async function install(
  directory: string,
  requirements: string,
  python: Interpreter,
  progress: Progress,
): Promise<string> {
  if (!PREFERRED.includes(python.version)) {
    progress(
      `Neither Python ${PREFERRED.join(" nor ")} is installed: the emulator will run Python functions with ${python.version}, ` +
        `so native layers for other versions can be built but not imported.`,
    );
  }
  progress(`Installing the emulator and uv for Python ${python.version} (${python.path})`);
  await runInstaller(python.path, ["-m", "venv", directory]);
  await runInstaller(join(directory, "bin/python"), [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"],
    ...["-r", requirements],
  ]);
  return python.version;
}
