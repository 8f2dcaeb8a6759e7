import { expect } from "chai";
import { Alarm } from "../../../infra/parts/alarm";
import { recordComponent } from "../recorded-component";
import { named, placesOf } from "../recorded-queries";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

const ARGS = {
  notify: "arn:aws:sns:us-east-1:123456789012:alarms",
  description: "Something failed. Look at it.",
  metric: "AWS/Lambda Errors",
  dimensions: { FunctionName: "load" },
  statistic: "Sum",
} as const;

describe("an alarm", () => {
  it("tells the topic when the metric is above 0 in one period of 5 minutes, and takes no data as well", async () => {
    const resources = await recordComponent(() => new Alarm("load", ARGS));
    expect(placesOf(resources)).to.deep.equal([
      "aws:cloudwatch/metricAlarm:MetricAlarm load in load",
      "strata:part:Alarm load in the stack",
    ]);
    expect(named(resources, ALARM, "load").inputs).to.deep.equal({
      alarmActions: [ARGS.notify],
      alarmDescription: ARGS.description,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: "load" },
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
    });
  });

  it("looks at longer periods where it is told to", async () => {
    const resources = await recordComponent(() => new Alarm("load", { ...ARGS, periodSeconds: 3600 }));
    expect(named(resources, ALARM, "load").inputs["period"]).to.equal(3600);
  });
});
