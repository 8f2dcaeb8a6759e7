import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../shared/errors";
import { DEFAULT_RETRIES, type RetryPolicy } from "./retry-policy";

/** What the builder needs to know about the machine it runs on. */
export interface BuilderSettings {
  /** Absolute path of the `uv` binary. */
  readonly uv: string;
  /** Interpreters on this machine by minor version: `{"3.12": "/usr/bin/python3.12"}`. */
  readonly pythons: Readonly<Record<string, string>>;
  /** Folder that outlives an invocation: uv's cache and the fetched wheels. */
  readonly cache: string;
  /** Folder under which each invocation makes, and removes, a work folder of its own. */
  readonly scratch: string;
  /** How many resolutions run at once. They mostly wait for the package index, so this is more than the cores. */
  readonly concurrency: number;
  /** For files of the package index and for signed addresses; uv has its own. */
  readonly retries: RetryPolicy;
}

const environmentSchema = z.object({
  STRATA_UV: z.string().startsWith("/"),
  STRATA_PYTHONS: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "is not JSON" });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string().regex(/^3\.\d+$/), z.string().startsWith("/"))),
  STRATA_CACHE: z.string().startsWith("/").optional(),
});

/**
 * Reads `STRATA_UV`, `STRATA_PYTHONS` and `STRATA_CACHE`.
 * @throws {UserError} naming the variable that is missing or malformed.
 */
export function parseSettings(environment: NodeJS.ProcessEnv): BuilderSettings {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new UserError(`The builder's environment is incomplete. Set ${problems.join("; ")}.`);
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
