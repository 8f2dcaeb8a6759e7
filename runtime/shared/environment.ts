import type { z } from "zod";
import { BugError, describeIssues } from "./errors";

/**
 * Reads a function's variables.
 * @throws BugError naming each variable that is missing or wrong, since the program that deploys sets them.
 */
export function readEnvironment<T extends z.ZodType>(schema: T, environment: NodeJS.ProcessEnv): z.output<T> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new BugError(`The function's environment is wrong: ${describeIssues(parsed.error)}`);
}
