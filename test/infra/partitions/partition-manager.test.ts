import { expect } from "chai";
import { recordProgram } from "../recorded-program";
import { type RecordedResource, arnOf } from "../recorded-resources";
import { environmentOf, functionMay, named, ofType, resourcesFor } from "../recorded-queries";
import { SYNC_NODE_OPTIONS } from "../../../infra/partitions/sync-memory";

const FUNCTION = "aws:lambda/function:Function";
const GLUE = "arn:aws:glue:us-east-1:123456789012";
const RAW = [`${GLUE}:catalog`, `${GLUE}:database/*_raw`, `${GLUE}:table/*_raw/*`];

const DIMENSIONS = { service: "partitions", stage: "local" };

interface Definition {
  readonly StartAt: string;
  readonly States: Record<string, Record<string, unknown>>;
}

describe("the partition manager", () => {
  let resources: RecordedResource[];
  before(async function () {
    this.timeout(60_000);
    resources = await recordProgram("local");
  });
  const get = (type: string, name: string) => named(resources, type, name).inputs;
  const definition = (program = resources) =>
    JSON.parse(
      String(
        named(program, "aws:sfn/stateMachine:StateMachine", "partitions-sync-tables").inputs["definition"],
      ),
    ) as Definition;
  const state = (name: string) => definition().States[name] ?? {};

  it("surveys, syncs each table that was found, and adds up", () => {
    const functionArn = (which: string) => arnOf(FUNCTION, `partitions-${which}`);
    expect(definition().StartAt).to.equal("Survey");
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

  it("hands tables over by a list in the bucket, a bounded number at one time", async () => {
    const map = state("Sync tables");
    expect(map["ItemReader"]).to.deep.include({
      Resource: "arn:aws:states:::s3:getObject",
      Parameters: { "Bucket.$": "$.bucket", "Key.$": "$.key" },
    });
    expect(map["MaxConcurrency"]).to.equal(10);
    const fewer = await recordProgram("local", { "strata:partitionConcurrency": "3" });
    expect(definition(fewer).States["Sync tables"]?.["MaxConcurrency"]).to.equal(3);
  });

  it("lets no table that fails stop the others, and tries again what may pass", () => {
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
    expect(ItemProcessor.States["Failed table"]).to.deep.include({ Type: "Pass", End: true });
  });

  it("fails for what the user must mend only where nobody is there to be told", () => {
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

  it("runs by the clock where the stage does", async () => {
    const rules = (program: readonly RecordedResource[]) =>
      ofType(program, "aws:cloudwatch/eventRule:EventRule").filter(
        ({ name }) => name === "partitions-schedule",
      );
    expect(rules(resources)).to.be.empty;
    const dev = await recordProgram("dev", { "strata:partitionSchedule": "rate(30 minutes)" });
    expect(rules(dev).map(({ inputs }) => inputs["scheduleExpression"])).to.deep.equal(["rate(30 minutes)"]);
    const target = named(dev, "aws:cloudwatch/eventTarget:EventTarget", "partitions-schedule").inputs;
    expect(target).to.deep.include({
      arn: arnOf("aws:sfn/stateMachine:StateMachine", "partitions-sync-tables"),
      input: '{"reason":"schedule"}',
    });
  });

  it("may change partitions of the raw databases, and list the raw buckets, and no more", () => {
    for (const name of ["partitions-sync", "partitions-object-events"]) {
      const may = functionMay(resources, name);
      const glue = may.flatMap(({ actions }) => actions).filter((action) => action.startsWith("glue:"));
      expect(glue.sort(), name).to.deep.equal([
        "glue:BatchCreatePartition",
        "glue:BatchDeletePartition",
        "glue:BatchGetPartition",
        "glue:BatchUpdatePartition",
        "glue:CreatePartitionIndex",
        "glue:GetPartitionIndexes",
        "glue:GetPartitions",
        "glue:GetTable",
      ]);
      for (const action of glue) expect(resourcesFor(may, action), action).to.deep.equal(RAW);
      const lists = name === "partitions-sync" ? ["arn:aws:s3:::strata-example-lake-raw"] : [];
      expect(resourcesFor(may, "s3:ListBucket"), name).to.deep.equal(lists);
      expect(resourcesFor(may, "s3:GetObject"), name).to.be.empty;
    }
  });

  it("may see every database's name when it surveys, and tables of the raw ones", () => {
    const may = functionMay(resources, "partitions-survey");
    expect(resourcesFor(may, "glue:GetDatabases")).to.deep.equal([`${GLUE}:catalog`, `${GLUE}:database/*`]);
    expect(resourcesFor(may, "glue:GetTables")).to.deep.equal(RAW);
    expect(resourcesFor(may, "s3:PutObject")).to.deep.equal([
      "arn:aws:s3:::strata-artifacts/runs/partitions/*",
    ]);
    const advisor = functionMay(resources, "partitions-advise");
    expect(resourcesFor(advisor, "glue:UpdateTable")).to.deep.equal(RAW);
    expect(resourcesFor(advisor, "glue:BatchCreatePartition")).to.be.empty;
  });

  it("takes databases, buckets, catalog and windows from the settings", async () => {
    const other = await recordProgram("dev", {
      "strata:partitionDatabases": '["lake","sales_*"]',
      "strata:partitionExcludedDatabases": '["sales_old"]',
      "strata:partitionBuckets": '["acme-*-raw","lake"]',
      "strata:partitionGlueCatalogId": "210987654321",
      "strata:partitionLookBackDays": "7",
      "strata:partitionLookAheadDays": "1",
      "strata:partitionFreshnessHours": "6",
    });
    expect(environmentOf(other, "partitions-survey")).to.deep.include({
      DATABASES: '{"include":["lake","sales_*"],"exclude":["sales_old"]}',
      GLUE_CATALOG_ID: "210987654321",
    });
    expect(environmentOf(other, "partitions-sync")).to.deep.include({
      GLUE_CATALOG_ID: "210987654321",
      LOOK_BACK_DAYS: "7",
      LOOK_AHEAD_DAYS: "1",
      NODE_OPTIONS: SYNC_NODE_OPTIONS,
    });
    expect(environmentOf(other, "partitions-summarize")).to.deep.include({ FRESHNESS_HOURS: "6" });
    const may = functionMay(other, "partitions-sync");
    const glue = "arn:aws:glue:us-east-1:210987654321";
    expect(resourcesFor(may, "glue:GetTable")).to.deep.equal([
      `${glue}:catalog`,
      `${glue}:database/lake`,
      `${glue}:database/sales_*`,
      `${glue}:table/lake/*`,
      `${glue}:table/sales_*/*`,
    ]);
    expect(resourcesFor(may, "s3:ListBucket")).to.deep.equal([
      "arn:aws:s3:::acme-*-raw",
      "arn:aws:s3:::lake",
    ]);
  });

  it("measures for its stage, since another may be in the same account", () => {
    for (const which of ["survey", "sync", "summarize", "object-events"]) {
      expect(environmentOf(resources, `partitions-${which}`)["STAGE"], which).to.equal("local");
    }
  });

  it("has alarms on runs, partitions and tables that failed, and on tables that are stale", () => {
    const alarm = (name: string) => get("aws:cloudwatch/metricAlarm:MetricAlarm", name);
    const common = { namespace: "Strata", dimensions: DIMENSIONS, threshold: 0 };
    expect(alarm("partitions-failed-runs")).to.deep.include({
      namespace: "AWS/States",
      metricName: "ExecutionsFailed",
      dimensions: {
        StateMachineArn: arnOf("aws:sfn/stateMachine:StateMachine", "partitions-sync-tables"),
      },
      threshold: 0,
    });
    expect(alarm("partitions-failures")).to.deep.include({
      ...common,
      metricName: "PartitionsFailed",
      statistic: "Sum",
    });
    expect(alarm("partitions-failed-tables")).to.deep.include({
      ...common,
      metricName: "TablesFailed",
      statistic: "Maximum",
    });
    expect(alarm("partitions-stale")).to.deep.include({
      ...common,
      metricName: "StaleTables",
      statistic: "Maximum",
    });
  });
});
