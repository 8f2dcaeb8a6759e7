import { expect } from "chai";
import { recordProgram } from "../recorded-program";
import { type RecordedResource, arnOf } from "../recorded-resources";
import { functionMay, named, resourcesFor } from "../recorded-queries";

const FUNCTION = "aws:lambda/function:Function";

describe("the events that partitions follow", () => {
  let resources: RecordedResource[];
  before(async function () {
    this.timeout(60_000);
    resources = await recordProgram("local");
  });
  const get = (type: string, name: string) => named(resources, type, name).inputs;

  it("follows new objects of the raw buckets through a queue, in batches", async () => {
    const queue = arnOf("aws:sqs/queue:Queue", "partitions-events");
    const patterned = await recordProgram("dev", {
      "strata:partitionBuckets": '["lake","acme-*-raw"]',
      "strata:partitionEvents": "true",
    });
    const { eventPattern, eventBusName } = named(
      patterned,
      "aws:cloudwatch/eventRule:EventRule",
      "partitions-new-objects",
    ).inputs;
    // S3 sends to the default bus only.
    expect(eventBusName).to.equal(undefined);
    expect(JSON.parse(String(eventPattern))).to.deep.equal({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["lake", { wildcard: "acme-*-raw" }] } },
    });
    expect(get("aws:cloudwatch/eventTarget:EventTarget", "partitions-new-objects")["arn"]).to.equal(queue);
    expect(get("aws:lambda/eventSourceMapping:EventSourceMapping", "partitions-events")).to.deep.include({
      eventSourceArn: queue,
      functionName: arnOf(FUNCTION, "partitions-object-events"),
      batchSize: 1000,
      maximumBatchingWindowInSeconds: 5,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
    const may = functionMay(resources, "partitions-object-events");
    for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]) {
      expect(resourcesFor(may, action), action).to.deep.equal([queue]);
    }
  });

  it("gives events to nobody else's queue, and loses none", () => {
    const rule = arnOf("aws:cloudwatch/eventRule:EventRule", "partitions-new-objects");
    for (const name of ["partitions-events", "partitions-events-failed"]) {
      const { policy } = get("aws:sqs/queuePolicy:QueuePolicy", name);
      expect(policy, name)
        .to.include('"Service":"events.amazonaws.com"')
        .and.include(`"aws:SourceArn":"${rule}"`);
    }
    const failed = arnOf("aws:sqs/queue:Queue", "partitions-events-failed");
    expect(
      get("aws:cloudwatch/eventTarget:EventTarget", "partitions-new-objects")["deadLetterConfig"],
    ).to.deep.equal({ arn: failed });
    const queue = get("aws:sqs/queue:Queue", "partitions-events");
    expect(JSON.parse(String(queue["redrivePolicy"]))).to.deep.equal({
      deadLetterTargetArn: failed,
      maxReceiveCount: 10,
    });
    // Lambda wants six times as long as the function may take, and the window.
    const { timeout } = get(FUNCTION, "partitions-object-events") as { timeout: number };
    expect(queue["visibilityTimeoutSeconds"]).to.be.at.least(6 * timeout + 5);
  });

  it("has none of that where events aren't followed", async () => {
    const names = (await recordProgram("default")).map(({ name }) => name);
    for (const name of ["partitions-new-objects", "partitions-events", "partitions-object-events"]) {
      expect(names).not.to.include(name);
    }
  });
});
