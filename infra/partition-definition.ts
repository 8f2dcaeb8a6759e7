import type * as pulumi from "@pulumi/pulumi";
import { call, distributedMap } from "./parts/state-machine-steps";

/** The functions the machine calls, by what they do. */
export interface PartitionFunctions {
  readonly survey: pulumi.Input<string>;
  readonly sync: pulumi.Input<string>;
  readonly summarize: pulumi.Input<string>;
}

/**
 * Looks after all partitions, as an Amazon States Language document: find the tables, sync each of them in an execution of its
 * own, add up. A table that fails is its own trouble and nobody else's; a survey that fails is the run's.
 *
 * @param concurrency tables at one time.
 */
export function partitionDefinition(
  functions: PartitionFunctions,
  concurrency: number,
): Record<string, unknown> {
  return {
    Comment: "Makes the partitions of raw tables what their buckets say.",
    StartAt: "Survey",
    States: {
      Survey: call(functions.survey, {
        payload: { "execution.$": "$$.Execution.Name", "input.$": "$" },
        next: "Any tables",
      }),
      "Any tables": {
        Type: "Choice",
        Choices: [{ Variable: "$.tables", NumericEquals: 0, Next: "Summarize" }],
        Default: "Sync tables",
      },
      "Sync tables": distributedMap({
        key: "$.key",
        concurrency,
        startAt: "Sync",
        states: {
          Sync: call(functions.sync, { payload: "$", onError: "Failed table" }),
          // What the function could not say itself, such as that it ran out of time.
          "Failed table": { Type: "Pass", Result: { status: "failed" }, End: true },
        },
        next: "Summarize",
      }),
      Summarize: call(functions.summarize, { payload: { "runId.$": "$.runId", "tables.$": "$.tables" } }),
    },
  };
}
