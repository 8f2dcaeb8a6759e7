import { setTimeout as sleep } from "node:timers/promises";
import { DescribeExecutionCommand, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import type { Progress } from "../../local/tools/tools";
import { runIdOf } from "../../runtime/contracts/run-id";
import type { Connection } from "./connection";
import { withCleanup } from "../cli/interrupts";
import { TaskError } from "../cli/output";

/** How a run of a state machine is looked at while it goes on. */
export interface RunView<Seen> {
  /** Reads how far the run is. */
  readonly look: (runId: string) => Promise<Seen>;
  /** One line of progress; undefined while there is nothing to tell. */
  readonly describe: (seen: Seen) => string | undefined;
  /** What stays when Ctrl-C stops the run: `what is published stays`. */
  readonly stays: string;
}

/** Milliseconds between two lines of progress. */
const TELL_EVERY = 3000;

/** Starts an execution of a state machine, and gives its ARN. */
export async function startExecution(
  connection: Connection,
  stateMachineArn: string,
  input: object,
): Promise<string> {
  const { executionArn } = await connection
    .stepFunctions()
    .send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  if (executionArn === undefined) throw new TaskError("Step Functions started no execution");
  return executionArn;
}

/**
 * Follows a run to its end and tells how far it is. Ctrl-C stops the run.
 *
 * @returns what there is to see at its end.
 * @throws TaskError when the execution itself fails, with its error and cause.
 */
export function followExecution<Seen>(
  connection: Connection,
  executionArn: string,
  view: RunView<Seen>,
  progress: Progress,
): Promise<Seen> {
  const stop = async (): Promise<void> => {
    progress(`stopping the run; ${view.stays}`);
    await connection
      .stepFunctions()
      .send(new StopExecutionCommand({ executionArn, cause: "stopped from the command line" }));
  };
  return withCleanup(stop, () => {
    progress(`Run: ${executionArn}`);
    return untilEnded(connection, executionArn, view, progress);
  });
}

/** What a run that succeeded has answered. */
export async function executionOutput(connection: Connection, executionArn: string): Promise<unknown> {
  const { output } = await connection.stepFunctions().send(new DescribeExecutionCommand({ executionArn }));
  return JSON.parse(output ?? "null") as unknown;
}

async function untilEnded<Seen>(
  connection: Connection,
  executionArn: string,
  { look, describe }: RunView<Seen>,
  progress: Progress,
): Promise<Seen> {
  const client = connection.stepFunctions();
  const runId = runIdOf(executionArn);
  let told = "";
  let toldAt = 0;
  for (;;) {
    const { status, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    const seen = await look(runId);
    const line = describe(seen);
    const due = status !== "RUNNING" || Date.now() - toldAt >= TELL_EVERY;
    if (line !== undefined && line !== told && due) {
      progress(line);
      told = line;
      toldAt = Date.now();
    }
    if (status === "SUCCEEDED") return seen;
    if (status !== "RUNNING") {
      throw new TaskError(`the run ${String(status).toLowerCase()}: ${reasonOf(error, cause)}`);
    }
    await sleep(connection.stage === "local" ? 500 : 3000);
  }
}

/** A function's error comes as JSON with its trace; a person needs its message. */
function reasonOf(error = "", cause = ""): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { readonly errorMessage?: string };
    return errorMessage ?? cause;
  } catch {
    return `${error} ${cause}`.trim();
  }
}
