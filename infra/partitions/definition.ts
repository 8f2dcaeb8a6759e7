import type * as pulumi from "@pulumi/pulumi";
import { call, distributedMap } from "../parts/state-machine-steps";

/** The functions the machine calls, by what they do. */
export interface PartitionFunctions {
  readonly survey: pulumi.Input<string>;
  readonly sync: pulumi.Input<string>;
  readonly summarize: pulumi.Input<string>;
}

/** The reason that the schedule gives in a run's input. */
export const BY_THE_CLOCK = "schedule";

/** Where a survey goes that the user must mend: the clock's fails and raises an alarm, anybody else's ends with the reason. */
const REFUSED_SURVEY = {
  "Who asked": {
    Type: "Choice",
    Choices: [
      {
        And: [
          { Variable: "$.reason", IsPresent: true },
          { Variable: "$.reason", StringEquals: BY_THE_CLOCK },
        ],
        Next: "Failed survey",
      },
    ],
    Default: "Refused",
  },
  "Failed survey": { Type: "Fail", Error: "UserError", CausePath: "$.error.Cause" },
  Refused: {
    Type: "Pass",
    Parameters: { "refused.$": "States.StringToJson($.error.Cause)" },
    End: true,
  },
};

/**
 * Looks after all partitions, as an Amazon States Language document: find the tables, sync each of them in an execution of its
 * own, add up. A table that fails is its own trouble and nobody else's; a survey that fails is the run's, unless somebody asked
 * by hand for what there is not: they are told, and nobody else.
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
      Survey: {
        ...call(functions.survey, {
          payload: { "execution.$": "$$.Execution.Name", "input.$": "$" },
          next: "Any tables",
        }),
        Catch: [{ ErrorEquals: ["UserError"], ResultPath: "$.error", Next: "Who asked" }],
      },
      ...REFUSED_SURVEY,
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
