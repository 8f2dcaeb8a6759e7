import { expect } from "chai";
import { EventQueue } from "../../../infra/parts/event-queue";
import { recordComponent, testFunction } from "../recorded-component";
import { named, placesOf } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";

const QUEUE = "aws:sqs/queue:Queue";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const NOTIFY = "arn:aws:sns:us-east-1:123456789012:alarms";

describe("an event queue", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await recordComponent(() => {
      const queue = new EventQueue("events", {
        notify: NOTIFY,
        handlerSeconds: 60,
        batchSize: 1000,
        windowSeconds: 5,
        concurrency: 2,
      });
      queue.onMessages("handled", testFunction());
    });
  });

  it("has a failure queue beside it, and its mapping below it", () => {
    expect(placesOf(resources)).to.deep.equal([
      `${ALARM} events-failed in events-failed`,
      `${MAPPING} handled in events`,
      `${QUEUE} events in events`,
      `${QUEUE} events-failed in events-failed`,
      "strata:part:Alarm events-failed in events-failed",
      "strata:part:DeadLetterQueue events-failed in the stack",
      "strata:part:EventQueue events in the stack",
    ]);
  });

  it("hides a message until Lambda's retries are over, and sets it aside after ten receives", () => {
    const { redrivePolicy, ...settings } = named(resources, QUEUE, "events").inputs;
    expect(settings).to.deep.equal({
      messageRetentionSeconds: 345_600,
      sqsManagedSseEnabled: true,
      // Six times the function's timeout, and the window.
      visibilityTimeoutSeconds: 365,
    });
    expect(JSON.parse(String(redrivePolicy))).to.deep.equal({
      deadLetterTargetArn: arnOf(QUEUE, "events-failed"),
      maxReceiveCount: 10,
    });
    expect(named(resources, ALARM, "events-failed").inputs["alarmActions"]).to.deep.equal([NOTIFY]);
  });

  it("calls the function with batches, of which it may fail a part", () => {
    expect(named(resources, MAPPING, "handled").inputs).to.deep.equal({
      eventSourceArn: arnOf(QUEUE, "events"),
      functionName: arnOf("aws:lambda/function:Function", "handler"),
      batchSize: 1000,
      maximumBatchingWindowInSeconds: 5,
      scalingConfig: { maximumConcurrency: 2 },
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
  });
});
