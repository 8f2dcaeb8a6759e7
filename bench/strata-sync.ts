/** Strata's side of the partition benchmark: the function that syncs a table. It is bundled and runs in a process of its own. */
import type { Context } from "aws-lambda";
import { handler } from "../runtime/partitions/sync.lambda";

/** The longest time of a Lambda function, in milliseconds. */
const LAMBDA_LIMIT = 15 * 60 * 1000;

async function main(): Promise<void> {
  const event: unknown = JSON.parse(process.argv[2] ?? "null");
  const context = { getRemainingTimeInMillis: () => LAMBDA_LIMIT, awsRequestId: "bench" } as Context;
  const started = performance.now();
  const answer = await handler(event, context);
  const milliseconds = performance.now() - started;
  // Node gives kibibytes on every system.
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  // The last line is the result; the lines before are the function's log.
  process.stdout.write(`\n${JSON.stringify({ milliseconds, peakBytes, answer })}\n`);
}

void main();
