import { setTimeout as sleep } from "node:timers/promises";
import { DescribeExecutionCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { runProgress } from "../../runtime/layers";
import type { Progress } from "../../local/tools/tools";
import type { Connection } from "../platform/connection";
import { followExecution, startExecution } from "../platform/executions";

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
export function startRun(connection: Connection, input: RunInput): Promise<string> {
  return startExecution(connection, connection.outputs.layers.machine, input);
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
      new ListExecutionsCommand({ stateMachineArn: connection.outputs.layers.machine, maxResults: 20 }),
    );
    for (const { executionArn } of executions) {
      const { input } = await client.send(new DescribeExecutionCommand({ executionArn }));
      const { catalogVersion: version } = JSON.parse(input ?? "{}") as { readonly catalogVersion?: number };
      if (version === catalogVersion) return executionArn;
    }
  }
  return undefined;
}

/**
 * Follows a run to its end and tells how far it is. Ctrl-C stops the run; what it has published stays.
 *
 * @throws TaskError when the execution itself fails, with its error and cause.
 */
export function followRun(
  connection: Connection,
  executionArn: string,
  progress: Progress,
): Promise<RunCounts> {
  const view = {
    look: (runId: string) => countRun(connection, runId),
    describe: (counts: RunCounts) => (counts.targets > 0 ? describeCounts(counts) : undefined),
    stays: "what is published stays",
  };
  return followExecution(connection, executionArn, view, progress);
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
