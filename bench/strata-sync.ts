/** Strata's side of the partition benchmark: the function that syncs a table, bundled and run in a process of its own. */
import type { Context } from "aws-lambda";
import { handler } from "../runtime/partitions/sync.lambda";

/** Milliseconds that Lambda gives a function at most. */
const LAMBDA_LIMIT = 15 * 60 * 1000;

async function main(): Promise<void> {
  const event: unknown = JSON.parse(process.argv[2] ?? "null");
  const context = { getRemainingTimeInMillis: () => LAMBDA_LIMIT, awsRequestId: "bench" } as Context;
  const started = performance.now();
  const answer = await handler(event, context);
  const milliseconds = performance.now() - started;
  // Kibibytes, which Node makes of what every system gives.
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  // The last line, after those of the function's own log.
  process.stdout.write(`\n${JSON.stringify({ milliseconds, peakBytes, answer })}\n`);
}

void main();
