import { expect } from "chai";
import { SYNC_NODE_OPTIONS } from "../../../infra/partitions/function-limits";
import {
  READ_ROWS,
  WRITE_ROWS,
  allowedTo,
  environmentOf,
  functionMay,
  grantsOf,
  named,
  ofType,
  pairsOf,
  resourcesFor,
} from "../recorded-queries";
import { arnOf, type RecordedResource } from "../recorded-resources";
import { GLUE, RAW_TABLES, recordPartitionManager, SYNC_TABLES } from "./recorded-manager";

const FUNCTION = "aws:lambda/function:Function";
const MACHINE = "aws:sfn/stateMachine:StateMachine";
const LIST = ["s3:ListBucket arn:aws:s3:::lake"];
const RUNS = "arn:aws:s3:::strata-artifacts/runs/partitions/*";

describe("the partition manager", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await recordPartitionManager();
  });

  it("is a state machine and four functions of its own", () => {
    expect(named(resources, "strata:service:PartitionManager", "p").parent).to.equal(undefined);
    const functions = ofType(resources, "strata:part:NodeFunction").map(({ name, parent }) => [name, parent]);
    expect(functions).to.have.deep.members(
      ["p-survey", "p-sync", "p-summarize", "p-advise"].map((name) => [name, "p"]),
    );
    expect(named(resources, "strata:part:StateMachine", "p-sync-tables").parent).to.equal("p");
    const types = new Set(resources.map(({ type }) => type));
    expect([...types]).to.include.members([MACHINE, FUNCTION, "aws:cloudwatch/metricAlarm:MetricAlarm"]);
  });

  it("allows each function what it needs, and no more", () => {
    const survey = pairsOf(["glue:GetDatabases"], [`${GLUE}:catalog`, `${GLUE}:database/*`]);
    const grants: Readonly<Record<string, readonly string[]>> = {
      "p-survey": [
        ...[...READ_ROWS, ...WRITE_ROWS, ...survey, ...pairsOf(["glue:GetTables"], RAW_TABLES)],
        `s3:PutObject ${RUNS}`,
      ],
      "p-sync": [...READ_ROWS, ...WRITE_ROWS, ...SYNC_TABLES, ...LIST],
      "p-summarize": READ_ROWS,
      "p-advise": [
        ...pairsOf(["glue:GetTable", "glue:GetPartitions", "glue:UpdateTable"], RAW_TABLES),
        ...LIST,
      ],
    };
    for (const [name, expected] of Object.entries(grants)) {
      expect(grantsOf(resources, name), name).to.deep.equal([...expected].sort());
    }
  });

  it("lists no bucket if none is named", async () => {
    const without = await recordPartitionManager({ partitionBuckets: [] });
    for (const name of ["p-sync", "p-advise"]) {
      expect(resourcesFor(functionMay(without, name), "s3:ListBucket"), name).to.be.empty;
    }
  });

  it("allows the state machine to call its functions and to read its lists of tables", () => {
    const may = allowedTo(resources, named(resources, MACHINE, "p-sync-tables").inputs["roleArn"]);
    const arns = ["p-survey", "p-sync", "p-summarize"].map((name) => arnOf(FUNCTION, name));
    expect(resourcesFor(may, "lambda:InvokeFunction")).to.have.members(arns);
    expect(resourcesFor(may, "s3:GetObject")).to.deep.equal([RUNS]);
  });

  it("gives each function its settings by environment", async () => {
    const other = await recordPartitionManager({
      partitionDatabases: ["lake", "sales_*"],
      partitionExcludedDatabases: ["sales_old"],
      partitionBuckets: ["acme-*-raw", "lake"],
      partitionGlueCatalogId: "210987654321",
      partitionLookBackDays: 7,
      partitionLookAheadDays: 1,
      partitionFreshnessHours: 6,
    });
    const rows = { TABLE_NAME: "strata-table", STAGE: "test" };
    const catalog = { GLUE_CATALOG_ID: "210987654321" };
    expect(environmentOf(other, "p-survey")).to.deep.equal({
      ...{ ...rows, ...catalog },
      ARTIFACTS_BUCKET: "strata-artifacts",
      DATABASES: '{"include":["lake","sales_*"],"exclude":["sales_old"]}',
    });
    expect(environmentOf(other, "p-sync")).to.deep.equal({
      ...{ ...rows, ...catalog },
      LOOK_BACK_DAYS: "7",
      LOOK_AHEAD_DAYS: "1",
      NODE_OPTIONS: SYNC_NODE_OPTIONS,
    });
    expect(environmentOf(other, "p-summarize")).to.deep.equal({ ...rows, FRESHNESS_HOURS: "6" });
    expect(environmentOf(other, "p-advise")).to.deep.equal(catalog);
    const may = functionMay(other, "p-sync");
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

  it("starts the state machine on its schedule, in a stage with schedules", async () => {
    const rules = (found: readonly RecordedResource[]) => ofType(found, "aws:cloudwatch/eventRule:EventRule");
    expect(rules(resources)).to.be.empty;
    const scheduled = await recordPartitionManager({
      schedules: true,
      partitionSchedule: "rate(30 minutes)",
    });
    expect(rules(scheduled).map(({ name, inputs }) => [name, inputs["scheduleExpression"]])).to.deep.equal([
      ["p-schedule", "rate(30 minutes)"],
    ]);
    const target = named(scheduled, "aws:cloudwatch/eventTarget:EventTarget", "p-schedule").inputs;
    expect(target).to.deep.include({
      arn: arnOf(MACHINE, "p-sync-tables"),
      input: '{"reason":"schedule"}',
    });
  });

  it("has alarms on runs, partitions and tables that failed, and on tables that are stale", () => {
    const alarm = (name: string) =>
      named(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", `p-${name}`).inputs;
    const own = { namespace: "Strata", dimensions: { service: "partitions", stage: "test" }, threshold: 0 };
    expect(alarm("failed-runs")).to.deep.include({
      namespace: "AWS/States",
      metricName: "ExecutionsFailed",
      dimensions: { StateMachineArn: arnOf(MACHINE, "p-sync-tables") },
      threshold: 0,
      alarmActions: [arnOf("aws:sns/topic:Topic", "alarms")],
    });
    for (const [name, metricName, statistic] of [
      ["failures", "PartitionsFailed", "Sum"],
      ["failed-tables", "TablesFailed", "Maximum"],
      ["stale", "StaleTables", "Maximum"],
    ] as const) {
      expect(alarm(name), name).to.deep.include({ ...own, metricName, statistic, period: 3600 });
    }
  });
});
