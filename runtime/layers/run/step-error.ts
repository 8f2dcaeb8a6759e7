import { z } from "zod";
import type { Failure } from "../../contracts/failure";
import type { StepError } from "../../contracts/layers";

/** The Cause of a failed Lambda task: what the function threw. */
const lambdaCauseSchema = z.object({
  errorMessage: z.string(),
  errorType: z.string().optional(),
  trace: z.array(z.string()).optional(),
});

const LINES = 20;
const LINE_LENGTH = 500;
/** How Step Functions and Lambda say that time ran out. */
const OUT_OF_TIME = /States\.Timeout|Sandbox\.Timedout|Task timed out/;

/**
 * Makes a failure of the error that a Catch hands over: a busy or unreachable upstream is `network`, all else `internal`.
 * `doing` completes the sentence: "building".
 */
export function failureOfStep({ Error: name, Cause: cause }: StepError, doing: string): Failure {
  const { message, lines } = readCause(cause);
  const lastLines = lines.slice(-LINES).map((line) => line.slice(0, LINE_LENGTH));
  if (OUT_OF_TIME.test(`${name} ${message}`)) {
    return {
      kind: "internal",
      message: `Time ran out while ${doing}. Run it again on its own.`,
      lastLines,
    };
  }
  if (name === "UpstreamError") {
    return {
      kind: "network",
      message: `Something outside stayed busy while ${doing}: ${shorten(message)}`,
      lastLines,
    };
  }
  return { kind: "internal", message: `${name} while ${doing}: ${shorten(message)}`, lastLines };
}

function readCause(cause: string): { readonly message: string; readonly lines: readonly string[] } {
  try {
    const { errorMessage, trace = [] } = lambdaCauseSchema.parse(JSON.parse(cause));
    return { message: errorMessage, lines: trace };
  } catch {
    return { message: cause, lines: cause.split("\n") };
  }
}

function shorten(text: string): string {
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}
