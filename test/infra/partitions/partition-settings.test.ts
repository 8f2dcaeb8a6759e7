import { expect } from "chai";
import { recordProgram } from "../recorded-program";
import { environmentOf, named } from "../recorded-queries";
import type { RecordedResource } from "../recorded-resources";

describe("the settings of partitions", () => {
  let resources: RecordedResource[];
  before(async function () {
    this.timeout(60_000);
    resources = await recordProgram("dev", {
      "strata:partitionDatabases": '["lake","sales_*"]',
      "strata:partitionExcludedDatabases": '["sales_old"]',
      "strata:partitionBuckets": '["lake","acme-*-raw"]',
      "strata:partitionGlueCatalogId": "210987654321",
      "strata:partitionLookBackDays": "7",
      "strata:partitionLookAheadDays": "1",
      "strata:partitionFreshnessHours": "6",
      "strata:partitionConcurrency": "3",
      "strata:partitionSchedule": "rate(30 minutes)",
      "strata:partitionEvents": "true",
    });
  });

  it("reach the functions", () => {
    expect(environmentOf(resources, "partitions-survey")).to.deep.include({
      DATABASES: '{"include":["lake","sales_*"],"exclude":["sales_old"]}',
      GLUE_CATALOG_ID: "210987654321",
      STAGE: "dev",
    });
    expect(environmentOf(resources, "partitions-sync")).to.deep.include({
      GLUE_CATALOG_ID: "210987654321",
      LOOK_BACK_DAYS: "7",
      LOOK_AHEAD_DAYS: "1",
    });
    expect(environmentOf(resources, "partitions-summarize")).to.deep.include({ FRESHNESS_HOURS: "6" });
  });

  it("reach the state machine, the schedule and the rule for new objects", () => {
    const rule = (name: string) => named(resources, "aws:cloudwatch/eventRule:EventRule", name).inputs;
    const machine = named(resources, "aws:sfn/stateMachine:StateMachine", "partitions-sync-tables").inputs;
    expect(machine["definition"]).to.include('"MaxConcurrency":3');
    expect(rule("partitions-schedule")["scheduleExpression"]).to.equal("rate(30 minutes)");
    expect(rule("partitions-new-objects")["eventPattern"]).to.include('"lake",{"wildcard":"acme-*-raw"}');
  });
});
