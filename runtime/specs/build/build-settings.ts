import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { path, toolVariables } from "../../contracts/environment";
import { readEnvironment } from "../../shared/environment";
import { BugError } from "../../shared/errors";

/** What building packages needs to know about the machine it runs on. */
export interface PackageBuildSettings {
  /** Path of the interpreter that `requirements` was installed for. */
  readonly python: string;
  /** Folder with the pinned requirements, the driver `build_package.py`, and `installed`: the Python they are for. */
  readonly requirements: string;
  /** Folder under which each build makes, and removes, a work folder of its own. */
  readonly scratch: string;
}

const environmentSchema = z.object({
  STRATA_PYTHONS: toolVariables.STRATA_PYTHONS,
  /** Folder with what building packages takes, installed for one of those interpreters. */
  STRATA_SPEC_REQUIREMENTS: path,
});

/**
 * Reads `STRATA_PYTHONS` and `STRATA_SPEC_REQUIREMENTS`.
 * @throws BugError when they are missing, or when the requirements are for none of the Pythons.
 */
export function packageBuildSettings(environment: NodeJS.ProcessEnv): PackageBuildSettings {
  const { STRATA_PYTHONS: pythons, STRATA_SPEC_REQUIREMENTS: requirements } = readEnvironment(
    environmentSchema,
    environment,
  );
  const version = installedFor(requirements);
  const python = pythons[version];
  if (python === undefined) {
    const known = Object.keys(pythons).join(", ") || "none";
    throw new BugError(`${requirements} is for Python ${version}; STRATA_PYTHONS names ${known}.`);
  }
  return { python, requirements, scratch: tmpdir() };
}

function installedFor(requirements: string): string {
  try {
    return readFileSync(join(requirements, "installed"), "utf8").trim();
  } catch (error) {
    throw new BugError(`${requirements} doesn't hold the requirements of packages. Install them there.`, {
      cause: error,
    });
  }
}
