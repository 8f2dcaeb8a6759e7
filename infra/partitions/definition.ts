import type * as pulumi from "@pulumi/pulumi";
import {
  SCHEDULED,
  type SummaryRequest,
  type SurveyAnswer,
  type SurveyPayload,
  type SurveyRequest,
  type SyncRequest,
} from "../../runtime/contracts/partitions";
import { context, pathsOf, textOf } from "../parts/json-path";
import { call, choice, distributedMap } from "../parts/state-machine-steps";

/** The functions the machine calls, by what they do. */
export interface PartitionFunctions {
  readonly survey: pulumi.Input<string>;
  readonly sync: pulumi.Input<string>;
  readonly summarize: pulumi.Input<string>;
}

/** What a run is started with, and the error of a survey that failed. */
const started = pathsOf<
  SurveyRequest & { readonly error: { readonly Error: string; readonly Cause: string } }
>();
/** A run, from its survey on. */
const run = pathsOf<SurveyAnswer>();
/** A table that is synced. */
const table = pathsOf<SyncRequest>();

/** Where a survey goes that the user must mend: the clock's fails and raises an alarm, anybody else's ends with the reason. */
const REFUSED_SURVEY = {
  "Who asked": {
    Type: "Choice",
    Choices: [
      {
        And: [
          { Variable: textOf(started.reason), IsPresent: true },
          { Variable: textOf(started.reason), StringEquals: SCHEDULED },
        ],
        Next: "Failed survey",
      },
    ],
    Default: "Refused",
  },
  "Failed survey": { Type: "Fail", Error: "UserError", CausePath: textOf(started.error.Cause) },
  Refused: {
    Type: "Pass",
    Parameters: { "refused.$": `States.StringToJson(${textOf(started.error.Cause)})` },
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
        ...call<SurveyPayload>(functions.survey, {
          payload: { execution: context.Execution.Name, input: started },
          next: "Any tables",
        }),
        Catch: [{ ErrorEquals: ["UserError"], ResultPath: textOf(started.error), Next: "Who asked" }],
      },
      ...REFUSED_SURVEY,
      "Any tables": choice(run.tables, [{ is: 0, next: "Summarize" }], "Sync tables"),
      "Sync tables": distributedMap({
        key: run.key,
        concurrency,
        startAt: "Sync",
        states: {
          Sync: call<SyncRequest>(functions.sync, { payload: table, onError: "Failed table" }),
          // What the function could not say itself, such as that it ran out of time.
          "Failed table": { Type: "Pass", Result: { status: "failed" }, End: true },
        },
        next: "Summarize",
      }),
      Summarize: call<SummaryRequest>(functions.summarize, {
        payload: { runId: run.runId, tables: run.tables },
      }),
    },
  };
}
