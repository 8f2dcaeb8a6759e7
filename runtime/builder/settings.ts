import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { path, toolVariables } from "../contracts/environment";
import { describeIssues, UserError } from "../shared/errors";

/** How often a request to another machine is repeated. */
export interface RetryPolicy {
  /** Further attempts after the first. */
  readonly retries: number;
  /** Wait before the first retry in milliseconds; it doubles each time. */
  readonly minTimeout: number;
}

/** Bridges an outage of about seven seconds. */
const DEFAULT_RETRIES: RetryPolicy = { retries: 4, minTimeout: 500 };

/** What the builder needs to know about the machine it runs on. */
export interface BuilderSettings {
  /** Absolute path of the `uv` binary. */
  readonly uv: string;
  /** Interpreters on this machine by minor version: `{"3.12": "/usr/bin/python3.12"}`. */
  readonly pythons: Readonly<Record<string, string>>;
  /** Folder that is kept between invocations: uv's cache and the fetched wheels. */
  readonly cache: string;
  /** Folder in which each invocation creates, and later removes, a work folder of its own. */
  readonly scratch: string;
  /** How many resolutions run at once. They mostly wait for the package index, so there are more of them than cores. */
  readonly concurrency: number;
  /** For files of the package index and for signed addresses. uv has its own retries. */
  readonly retries: RetryPolicy;
}

const environmentSchema = z.object({ ...toolVariables, STRATA_CACHE: path.optional() });

/**
 * Reads `STRATA_UV`, `STRATA_PYTHONS` and `STRATA_CACHE`.
 * @throws {UserError} naming the variable that is missing or malformed.
 */
export function parseSettings(environment: NodeJS.ProcessEnv): BuilderSettings {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new UserError(`The builder's environment is wrong. Set ${describeIssues(parsed.error)}.`);
  }
  const scratch = tmpdir();
  return {
    uv: parsed.data.STRATA_UV,
    pythons: parsed.data.STRATA_PYTHONS,
    cache: parsed.data.STRATA_CACHE ?? join(scratch, "strata-builder-cache"),
    scratch,
    concurrency: Math.max(8, 4 * availableParallelism()),
    retries: DEFAULT_RETRIES,
  };
}
