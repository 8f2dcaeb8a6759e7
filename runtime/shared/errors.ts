import type { z } from "zod";

/**
 * The three families of errors. `name` is a literal, because it is what a state machine's `ErrorEquals` sees.
 */

/** The user must fix something: no retry, no alarm. The message says what to do. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** Something outside is busy or unreachable: worth a bounded retry. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
}

/** Our own mistake: raises an alarm. */
export class BugError extends Error {
  override readonly name = "BugError";
}

/** The error names that a state machine may catch. A test compares every `ErrorEquals` with this list. */
export const ERROR_NAMES = ["UserError", "UpstreamError", "BugError"] as const;

/** The issues of a zod error in one line: `path: message; …`. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "(all)"}: ${issue.message}`).join("; ");
}
