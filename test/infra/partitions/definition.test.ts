import { expect } from "chai";
import { named } from "../recorded-queries";
import { arnOf, type RecordedResource } from "../recorded-resources";
import { recordPartitionManager } from "./recorded-manager";

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function definitionOf(resources: readonly RecordedResource[]): Definition {
  const { inputs } = named(resources, "aws:sfn/stateMachine:StateMachine", "p-sync-tables");
  return JSON.parse(String(inputs["definition"])) as Definition;
}

describe("the state machine of partitions", () => {
  let definition: Definition;
  before(async () => {
    definition = definitionOf(await recordPartitionManager());
  });
  const state = (name: string) => definition.States[name] ?? {};

  it("surveys, syncs each table that was found, and adds up", () => {
    const functionArn = (which: string) => arnOf("aws:lambda/function:Function", `p-${which}`);
    expect(definition.StartAt).to.equal("Survey");
    expect(state("Survey")).to.deep.include({ Next: "Any tables" });
    expect(state("Survey")["Parameters"]).to.deep.equal({
      FunctionName: functionArn("survey"),
      Payload: { "execution.$": "$$.Execution.Name", "input.$": "$" },
    });
    expect(state("Any tables")).to.deep.include({
      Choices: [{ Variable: "$.tables", NumericEquals: 0, Next: "Summarize" }],
      Default: "Sync tables",
    });
    expect(state("Sync tables")["Next"]).to.equal("Summarize");
    expect(state("Summarize")["Parameters"]).to.deep.equal({
      FunctionName: functionArn("summarize"),
      Payload: { "runId.$": "$.runId", "tables.$": "$.tables" },
    });
  });

  it("reads the tables from a list in the bucket, and syncs a limited number at the same time", async () => {
    const map = state("Sync tables");
    expect(map["ItemReader"]).to.deep.include({
      Resource: "arn:aws:states:::s3:getObject",
      Parameters: { "Bucket.$": "$.bucket", "Key.$": "$.key" },
    });
    expect(map["MaxConcurrency"]).to.equal(10);
    const fewer = definitionOf(await recordPartitionManager({ partitionConcurrency: 3 }));
    expect(fewer.States["Sync tables"]?.["MaxConcurrency"]).to.equal(3);
  });

  it("does not stop at a table that fails, and retries errors that may pass", () => {
    const { ItemProcessor, ToleratedFailurePercentage } = state("Sync tables") as {
      ItemProcessor: Definition;
      ToleratedFailurePercentage: number;
    };
    expect(ToleratedFailurePercentage).to.equal(100);
    const { Sync } = ItemProcessor.States;
    expect(Sync?.["Catch"]).to.deep.equal([
      { ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Failed table" },
    ]);
    const retried = (Sync?.["Retry"] as { ErrorEquals: string[] }[]).flatMap(
      ({ ErrorEquals }) => ErrorEquals,
    );
    expect(retried).to.include.members(["Lambda.TooManyRequestsException", "UpstreamError"]);
    expect(ItemProcessor.States["Failed table"]).to.deep.include({
      Type: "Pass",
      Result: { status: "failed" },
      End: true,
    });
  });

  it("fails for an error of the user only in scheduled runs, and tells other users the reason", () => {
    expect(state("Survey")["Catch"]).to.deep.equal([
      { ErrorEquals: ["UserError"], ResultPath: "$.error", Next: "Who asked" },
    ]);
    expect(state("Who asked")).to.deep.include({
      Choices: [
        {
          And: [
            { Variable: "$.reason", IsPresent: true },
            { Variable: "$.reason", StringEquals: "schedule" },
          ],
          Next: "Failed survey",
        },
      ],
      Default: "Refused",
    });
    expect(state("Failed survey")["Type"]).to.equal("Fail");
    expect(state("Refused")).to.deep.include({
      Type: "Pass",
      Parameters: { "refused.$": "States.StringToJson($.error.Cause)" },
      End: true,
    });
  });
});
