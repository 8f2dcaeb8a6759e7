import { setTimeout as sleep } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { runProgress } from "../runtime/layer-index/read";
import type { Progress } from "../local/tools";
import type { Connection } from "./connection";
import { withCleanup } from "./interrupts";
import { TaskError } from "./task-error";

/** What a run is asked for; empty means the whole catalog. */
export interface RunInput {
  readonly packages?: readonly string[];
  readonly pythons?: readonly string[];
  readonly architectures?: readonly string[];
  readonly force?: boolean;
  readonly reason: string;
}

/** What a run did, in numbers. */
export interface RunCounts {
  readonly targets: number;
  readonly built: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly published: number;
  readonly refused: number;
}

/** Starts a run of the build pipeline, and gives the execution's ARN. */
export async function startRun(connection: Connection, input: RunInput): Promise<string> {
  const { executionArn } = await connection.stepFunctions().send(
    new StartExecutionCommand({
      stateMachineArn: connection.outputs.buildMachine,
      input: JSON.stringify(input),
    }),
  );
  if (executionArn === undefined) throw new TaskError("Step Functions started no execution");
  return executionArn;
}

async function stopRun(connection: Connection, executionArn: string): Promise<void> {
  await connection
    .stepFunctions()
    .send(new StopExecutionCommand({ executionArn, cause: "stopped from the command line" }));
}

/** The run that a change of the catalog started, once the bus has started it; undefined when none shows up in time. */
export async function runOfCatalog(
  connection: Connection,
  catalogVersion: number,
  seconds: number,
): Promise<string | undefined> {
  const client = connection.stepFunctions();
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(250)) {
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({ stateMachineArn: connection.outputs.buildMachine, maxResults: 20 }),
    );
    for (const { executionArn } of executions) {
      const { input } = await client.send(new DescribeExecutionCommand({ executionArn }));
      const { catalogVersion: version } = JSON.parse(input ?? "{}") as { readonly catalogVersion?: number };
      if (version === catalogVersion) return executionArn;
    }
  }
  return undefined;
}

/** Milliseconds between two lines of progress. */
const TELL_EVERY = 3000;

/**
 * Follows a run to its end and tells how far it is. Ctrl-C stops the run, since nobody is left watching it; what it has
 * published stays.
 *
 * @throws TaskError when the execution itself fails, with its error and cause.
 */
export function followRun(
  connection: Connection,
  executionArn: string,
  progress: Progress,
): Promise<RunCounts> {
  const stop = async (): Promise<void> => {
    progress("stopping the run; what is published stays");
    await stopRun(connection, executionArn);
  };
  return withCleanup(stop, () => {
    progress(`Run: ${executionArn}`);
    return untilEnded(connection, executionArn, progress);
  });
}

async function untilEnded(
  connection: Connection,
  executionArn: string,
  progress: Progress,
): Promise<RunCounts> {
  const client = connection.stepFunctions();
  const runId = executionArn.split(":").at(-1) ?? executionArn;
  let told = "";
  let toldAt = 0;
  for (;;) {
    const { status, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    const counts = await countRun(connection, runId);
    const line = describeCounts(counts);
    const due = status !== "RUNNING" || Date.now() - toldAt >= TELL_EVERY;
    if (line !== told && counts.targets > 0 && due) {
      progress(line);
      told = line;
      toldAt = Date.now();
    }
    if (status === "SUCCEEDED") return counts;
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

/** One line: what is done out of how many. */
export function describeCounts(counts: RunCounts): string {
  const { targets, built, unchanged, failed, published, refused } = counts;
  const parts = [
    `${built + unchanged + failed}/${targets} targets`,
    `${built} built`,
    `${unchanged} unchanged`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    `${published} layer versions published`,
    ...(refused > 0 ? [`${refused} refused by their region`] : []),
  ];
  return parts.join(", ");
}

async function countRun(connection: Connection, runId: string): Promise<RunCounts> {
  const { run, outcomes, publications } = await runProgress(connection.table(), runId);
  const ended = (status: string) => outcomes.filter((row) => row.status === status).length;
  const published = (status: string) => publications.filter((row) => row.status === status).length;
  return {
    targets: run?.targets ?? 0,
    built: ended("built"),
    unchanged: ended("unchanged"),
    failed: ended("failed"),
    published: published("published"),
    refused: published("refused"),
  };
}
