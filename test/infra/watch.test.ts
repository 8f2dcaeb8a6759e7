import { expect } from "chai";
import { recordProgram } from "./recorded-program";
import { type RecordedResource, arnOf } from "./recorded-resources";
import { named, ofType } from "./recorded-queries";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

describe("the watch", () => {
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
    expect(failures.map(({ name }) => name)).to.include.members([
      "catalog-load-failed",
      "layers-catalog-changed-undelivered",
      "specs-handle-failed",
    ]);
    for (const { name } of failures) {
      expect(named(resources, ALARM, name).inputs, name).to.deep.include({
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: name },
        statistic: "Maximum",
      });
    }
  });

  it("lets alarms of this account publish, and nobody without TLS", () => {
    const { policy } = named(resources, "aws:sns/topicPolicy:TopicPolicy", "watch-alarms").inputs;
    expect(policy)
      .to.include('"Service":"cloudwatch.amazonaws.com"')
      .and.include('"aws:SourceArn":"arn:aws:cloudwatch:*:123456789012:alarm:*"')
      .and.include('"aws:SourceAccount":"123456789012"')
      .and.match(/"Effect":"Deny".*"aws:SecureTransport":"false"/);
  });

  it("writes to the address of the stage, and to nobody where there is none", async () => {
    const emails = (program: readonly RecordedResource[]) =>
      ofType(program, "aws:sns/topicSubscription:TopicSubscription")
        .map(({ inputs }) => inputs)
        .filter(({ protocol }) => protocol === "email");
    expect(emails(resources)).to.be.empty;
    const told = await recordProgram("dev", { "strata:notificationEmail": "ops@example.com" });
    expect(emails(told)).to.deep.equal([
      { topic: arnOf("aws:sns/topic:Topic", "watch-alarms"), protocol: "email", endpoint: "ops@example.com" },
    ]);
  });
});
