import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { path, toolVariables } from "../contracts/environment";
import { readEnvironment } from "../shared/environment";
import { BugError } from "../shared/errors";

/** What the functions that run Python need to know about their machine. */
export interface SpecBuildSettings {
  /** Path of the interpreter that `requirements` were installed for. */
  readonly python: string;
  /** Folder with the pinned requirements of packages, the driver `build_package.py`, and a file `installed`: the Python they are for. */
  readonly requirements: string;
  /** Folder under which each build creates, and removes, a work folder of its own. */
  readonly scratch: string;
}

const environmentSchema = z.object({
  STRATA_PYTHONS: toolVariables.STRATA_PYTHONS,
  /** Folder of `SpecBuildSettings.requirements`. */
  STRATA_SPEC_REQUIREMENTS: path,
});

/** @throws BugError when a variable is missing, or when the requirements are for none of the machine's Pythons. */
export function specBuildSettings(environment: NodeJS.ProcessEnv): SpecBuildSettings {
  const { STRATA_PYTHONS: pythons, STRATA_SPEC_REQUIREMENTS: requirements } = readEnvironment(
    environmentSchema,
    environment,
  );
  const version = installedFor(requirements);
  const python = pythons[version];
  if (python === undefined) {
    const known = Object.keys(pythons).join(", ") || "none";
    throw new BugError(`${requirements} is for Python ${version}, but STRATA_PYTHONS names ${known}.`);
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
