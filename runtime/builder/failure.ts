import { stripVTControlCharacters } from "node:util";
import type { Failure, FailureKind } from "../contracts/builder";

const MAXIMUM_LINES = 20;
const MAXIMUM_LINE_LENGTH = 500;

/** Ends the work on one target. Never leaves the builder: it becomes the `failure` of that target's result. */
export class TargetFailure extends Error {
  override readonly name = "TargetFailure";

  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.message, options);
  }
}

/** Shorthand for a failure with what the tool printed, of which the last lines are kept. */
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
    .slice(-MAXIMUM_LINES)
    .map((line) => line.replace(/(:\/\/)[^/\s@]+@/g, "$1***@").slice(0, MAXIMUM_LINE_LENGTH));
}

/** What a target's result says about any error: a known failure as it is, anything else as ours to fix. */
export function failureOf(error: unknown): Failure {
  if (error instanceof TargetFailure) return error.failure;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const reason = error instanceof Error ? error.message : String(error);
  return {
    kind: "internal",
    message: `The builder failed on its own account: ${reason}. Please report it with the lines below.`,
    lastLines: lastLines(text),
  };
}
