import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { devNull } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { TaskError } from "../cli/output";

const run = promisify(execFile);

/** What to install, and where. */
interface Installation {
  /** Folder for the virtual environment; its earlier content is removed. */
  readonly folder: string;
  /** Interpreters of this machine, by minor version. */
  readonly pythons: Readonly<Record<string, string>>;
  /** A Python with pip. */
  readonly pip: string;
  /** Folder with the pinned requirements of built packages, for the Python that its file `installed` names. */
  readonly requirements: string;
  /** `--index-url`, credentials included. */
  readonly index: string;
  /** Such as `pets==1.0.0`. */
  readonly requirement: string;
}

/**
 * Installs a package with pip into a new environment. The environment finds the pinned requirements in their own folder, so only the
 * package is downloaded, and everything else is the same each time.
 *
 * @returns the environment's Python.
 * @throws TaskError with pip's message.
 */
export async function installPackage(installation: Installation): Promise<string> {
  const { folder, requirements, pip, index, requirement } = installation;
  const version = (await readFile(join(requirements, "installed"), "utf8")).trim();
  const interpreter = installation.pythons[version];
  if (interpreter === undefined)
    throw new TaskError(`${requirements} is for Python ${version}, which isn't on this machine`);
  await rm(folder, { recursive: true, force: true });
  // Without its own pip: with another environment's pip this takes a third of the time.
  await execute(interpreter, ["-m", "venv", "--without-pip", folder], {});
  const packages = join(folder, "lib", `python${version}`, "site-packages");
  await writeFile(join(packages, "strata-requirements.pth"), `${requirements}\n`);
  const python = join(folder, "bin", "python");
  // The password is in the environment, because every user of the machine can read arguments.
  await execute(pip, ["-m", "pip", "--python", python, "install", "--quiet", "--no-deps", requirement], {
    PIP_INDEX_URL: index,
    PIP_CONFIG_FILE: devNull,
    PIP_NO_CACHE_DIR: "1",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  });
  return python;
}

/** Runs a Python file, and returns what it printed. */
export function runPython(python: string, file: string): Promise<string> {
  return execute(python, [file], {});
}

/** Runs a program without the user's settings, proxies and credentials. */
async function execute(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const PATH = [dirname(program), "/usr/bin", "/bin"].join(":");
  try {
    const { stdout } = await run(program, [...args], { env: { PATH, LANG: "C.UTF-8", ...environment } });
    return stdout.trim();
  } catch (error) {
    const { stderr = "" } = error as { readonly stderr?: string };
    throw new TaskError(`${args.slice(0, 2).join(" ")} failed:\n${stderr.trim()}`, { cause: error });
  }
}
