import { setTimeout as sleep } from "node:timers/promises";
import { DescribeExecutionCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import type { RunCounts, RunInput } from "../../runtime/contracts/layers";
import { countRun, runProgress } from "../../runtime/layers";
import type { Progress } from "../../local/tools/tools";
import type { Connection } from "../platform/connection";
import { followExecution, startExecution } from "../platform/executions";

/** What a run did so far, of how many targets. */
export interface RunProgress extends RunCounts {
  readonly targets: number;
}

/** Starts a run of the build pipeline. @returns the execution's ARN. */
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
      const { catalogVersion: version } = JSON.parse(input ?? "{}") as RunInput;
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
): Promise<RunProgress> {
  const view = {
    look: (runId: string) => progressOf(connection, runId),
    describe: (counts: RunProgress) => (counts.targets > 0 ? describeCounts(counts) : undefined),
    stays: "what is published stays",
  };
  return followExecution(connection, executionArn, view, progress);
}

/** One line: what is done out of how many. */
export function describeCounts(counts: RunProgress): string {
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

async function progressOf(connection: Connection, runId: string): Promise<RunProgress> {
  const { run, outcomes, publications } = await runProgress(connection.table(), runId);
  return { targets: run?.targets ?? 0, ...countRun(outcomes, publications) };
}
