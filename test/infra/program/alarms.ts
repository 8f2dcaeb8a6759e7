import { expect } from "chai";
import { recordProgram } from "../recorded-program";
import { type RecordedResource, arnOf } from "../recorded-resources";
import { named, ofType } from "../recorded-queries";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

describe("the alarms of the whole program", () => {
  let resources: RecordedResource[];
  before(async function () {
    this.timeout(60_000);
    resources = await recordProgram("dev");
  });

  it("leads every alarm to the notification topic", () => {
    const alarms = ofType(resources, ALARM);
    expect(alarms).not.to.be.empty;
    for (const { name, inputs } of alarms) {
      expect(inputs["alarmActions"], name).to.deep.equal([arnOf("aws:sns/topic:Topic", "watch-alarms")]);
      expect(inputs["alarmDescription"], name).to.be.a("string").and.match(/\.$/);
      expect(inputs, name).to.deep.include({
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
      });
    }
  });

  it("has an alarm on every queue of failures", () => {
    const failures = ofType(resources, "aws:sqs/queue:Queue").filter(
      ({ inputs }) => inputs["redrivePolicy"] === undefined,
    );
    expect(failures).not.to.be.empty;
    for (const { name } of failures) {
      expect(named(resources, ALARM, name).inputs, name).to.deep.include({
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: name },
        statistic: "Maximum",
      });
    }
  });
});
