import { expect } from "chai";
import { DeadLetterQueue } from "../../../infra/parts/dead-letter-queue";
import { recordComponent } from "../recorded-component";
import { named, placesOf } from "../recorded-queries";

const NOTIFY = "arn:aws:sns:us-east-1:123456789012:alarms";

describe("a dead-letter queue", () => {
  it("keeps what it holds for 14 days, with an alarm while it holds anything", async () => {
    const resources = await recordComponent(() => new DeadLetterQueue("load-failed", { notify: NOTIFY }));
    expect(placesOf(resources)).to.deep.equal([
      "aws:cloudwatch/metricAlarm:MetricAlarm load-failed in load-failed",
      "aws:sqs/queue:Queue load-failed in load-failed",
      "strata:part:Alarm load-failed in load-failed",
      "strata:part:DeadLetterQueue load-failed in the stack",
    ]);
    expect(named(resources, "aws:sqs/queue:Queue", "load-failed").inputs).to.deep.equal({
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
    });
    const { inputs } = named(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", "load-failed");
    expect(inputs).to.deep.include({
      alarmActions: [NOTIFY],
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "load-failed" },
      statistic: "Maximum",
    });
    expect(inputs["alarmDescription"]).to.match(/^load-failed holds events .* docs\/operate\.md\.$/);
  });
});
