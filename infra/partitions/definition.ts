import type * as pulumi from "@pulumi/pulumi";
import {
  SCHEDULED,
  type SummaryRequest,
  type SurveyAnswer,
  type SurveyPayload,
  type SurveyRequest,
  type SyncAnswer,
  type SyncRequest,
} from "../../runtime/contracts/partitions";
import { context, pathsOf, textOf } from "../parts/json-path";
import { call, choice, distributedMap } from "../parts/state-machine-steps";

/** The ARNs of the functions that the machine calls. */
interface PartitionFunctions {
  readonly survey: pulumi.Input<string>;
  readonly sync: pulumi.Input<string>;
  readonly summarize: pulumi.Input<string>;
}

/** The input of a run, and the error of a survey that failed. */
const started = pathsOf<
  SurveyRequest & { readonly error: { readonly Error: string; readonly Cause: string } }
>();
/** A run after its survey. */
const run = pathsOf<SurveyAnswer>();
/** A table of the survey's list. */
const table = pathsOf<SyncRequest>();

/** What follows when the user must fix something: a scheduled run fails and raises an alarm; any other run ends with the reason. */
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

/** The answer for a table whose function could not answer, for example because its time was over. */
const FAILED_TABLE: Pick<SyncAnswer, "status"> = { status: "failed" };

/**
 * The state machine that syncs all tables, as an Amazon States Language document: it finds the tables, syncs each in an execution
 * of its own, and adds up the results. A table that fails does not stop the others. A survey that fails ends the run.
 *
 * @param concurrency tables that are synced at the same time.
 */
export function partitionDefinition(
  functions: PartitionFunctions,
  concurrency: number,
): Record<string, unknown> {
  return {
    Comment: "Changes the partitions of all tables to the folders of their buckets.",
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
        bucket: run.bucket,
        key: run.key,
        concurrency,
        startAt: "Sync",
        states: {
          Sync: call<SyncRequest>(functions.sync, { payload: table, onError: "Failed table" }),
          "Failed table": { Type: "Pass", Result: FAILED_TABLE, End: true },
        },
        next: "Summarize",
      }),
      Summarize: call<SummaryRequest>(functions.summarize, {
        payload: { runId: run.runId, tables: run.tables },
      }),
    },
  };
}
