import type { PythonVersion } from "../contracts/target";
import { BugError } from "../shared/errors";
import { bareEnvironment } from "../shared/child-environment";
import { runCommand } from "../shared/child-process";
import type { BuilderSettings } from "./settings";

const probes = new Map<string, Promise<boolean>>();

/**
 * The interpreter for exactly this Python, or `undefined`. Each candidate is run once before it is used, because version
 * managers leave shims on PATH that exist but don't work.
 */
export async function interpreterFor(
  settings: BuilderSettings,
  python: PythonVersion,
): Promise<string | undefined> {
  const path = settings.pythons[python];
  if (path === undefined) return undefined;
  const key = `${python} ${path}`;
  const works = probes.get(key) ?? probe(path, python, settings.scratch);
  probes.set(key, works);
  return (await works) ? path : undefined;
}

/** uv needs some interpreter, also when it works for another Python version. The target's own is preferred. */
export async function anyInterpreter(settings: BuilderSettings, python: PythonVersion): Promise<string> {
  for (const candidate of [python, ...Object.keys(settings.pythons)]) {
    const path = await interpreterFor(settings, candidate);
    if (path !== undefined) return path;
  }
  throw new BugError("No interpreter in STRATA_PYTHONS works. Set it to at least one that does.");
}

async function probe(path: string, python: PythonVersion, folder: string): Promise<boolean> {
  try {
    const outcome = await runCommand({
      program: path,
      args: ["-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
      environment: bareEnvironment(folder),
      folder,
      milliseconds: 20_000,
    });
    return outcome.succeeded && outcome.stdout.trim() === python;
  } catch {
    return false;
  }
}
