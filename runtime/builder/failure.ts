import { stripVTControlCharacters } from "node:util";
import type { Failure, FailureKind } from "../contracts/failure";

const MAX_LINES = 20;
const MAX_LINE_LENGTH = 500;

/** Ends the work on one target. It never leaves the builder: it becomes the `failure` of that target's result. */
export class TargetFailure extends Error {
  override readonly name = "TargetFailure";

  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.message, options);
  }
}

/** A failure with the last lines of what the tool printed. */
export function targetFailure(
  kind: FailureKind,
  message: string,
  output = "",
  cause?: unknown,
): TargetFailure {
  const options = cause === undefined ? undefined : { cause };
  return new TargetFailure({ kind, message, lastLines: lastLines(output) }, options);
}

/** The last 20 non-empty lines, each cut at 500 characters, without colours and without passwords in addresses. */
export function lastLines(output: string): string[] {
  return stripVTControlCharacters(output)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-MAX_LINES)
    .map((line) => line.replace(/(:\/\/)[^/\s@]+@/g, "$1***@").slice(0, MAX_LINE_LENGTH));
}

/** The failure in a target's result for any error. An error that is not a `TargetFailure` is ours to fix: `internal`. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof TargetFailure) return error.failure;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const reason = error instanceof Error ? error.message : String(error);
  return {
    kind: "internal",
    message: `The builder has a bug: ${reason}. Please report it with the lines below.`,
    lastLines: lastLines(text),
  };
}
