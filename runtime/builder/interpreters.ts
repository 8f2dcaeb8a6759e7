import type { PythonVersion } from "../contracts/target";
import { BugError } from "../shared/errors";
import { bareEnvironment } from "../shared/child-environment";
import { runCommand } from "../shared/child-process";
import type { BuilderSettings } from "./settings";

const probed = new Map<string, Promise<boolean>>();

/**
 * The interpreter for exactly this Python, or `undefined`. Each candidate is run once before it is trusted: a version manager
 * leaves shims on PATH that exist and don't work.
 */
export async function interpreterFor(
  settings: BuilderSettings,
  python: PythonVersion,
): Promise<string | undefined> {
  const path = settings.pythons[python];
  if (path === undefined) return undefined;
  const key = `${python} ${path}`;
  const works = probed.get(key) ?? probe(path, python, settings.scratch);
  probed.set(key, works);
  return (await works) ? path : undefined;
}

/** uv needs some interpreter even when it works for another version: the target's own if there is one. */
export async function anyInterpreter(settings: BuilderSettings, python: PythonVersion): Promise<string> {
  for (const candidate of [python, ...Object.keys(settings.pythons)]) {
    const path = await interpreterFor(settings, candidate);
    if (path !== undefined) return path;
  }
  throw new BugError("None of the interpreters in STRATA_PYTHONS runs. Set it to at least one that does.");
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
