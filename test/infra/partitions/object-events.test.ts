import { expect } from "chai";
import { READ_ROWS, WRITE_ROWS, environmentOf, grantsOf, named, pairsOf } from "../recorded-queries";
import { arnOf, type RecordedResource } from "../recorded-resources";
import { recordPartitionManager, SYNC_TABLES } from "./recorded-manager";

const FUNCTION = "aws:lambda/function:Function";

describe("the events about new objects", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await recordPartitionManager({
      partitionEvents: true,
      partitionBuckets: ["lake", "acme-*-raw"],
    });
  });
  const get = (type: string, name: string) => named(resources, type, name).inputs;
  const queue = arnOf("aws:sqs/queue:Queue", "p-events");

  it("of the buckets go to a queue, and in batches to a function", () => {
    const { eventPattern, eventBusName } = get("aws:cloudwatch/eventRule:EventRule", "p-new-objects");
    // S3 sends to the default bus only.
    expect(eventBusName).to.equal(undefined);
    expect(JSON.parse(String(eventPattern))).to.deep.equal({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["lake", { wildcard: "acme-*-raw" }] } },
    });
    expect(get("aws:cloudwatch/eventTarget:EventTarget", "p-new-objects")["arn"]).to.equal(queue);
    expect(get("aws:lambda/eventSourceMapping:EventSourceMapping", "p-events")).to.deep.include({
      eventSourceArn: queue,
      functionName: arnOf(FUNCTION, "p-object-events"),
      batchSize: 1000,
      maximumBatchingWindowInSeconds: 5,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
    expect(named(resources, "strata:part:EventQueue", "p-events").parent).to.equal("p");
  });

  it("let the function receive messages, keep rows and change partitions, but not list buckets", () => {
    const receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    expect(grantsOf(resources, "p-object-events")).to.deep.equal(
      [...READ_ROWS, ...WRITE_ROWS, ...SYNC_TABLES, ...pairsOf(receive, [queue ?? ""])].sort(),
    );
    expect(environmentOf(resources, "p-object-events")).to.deep.equal({
      ...{ TABLE_NAME: "strata-table", STAGE: "test", GLUE_CATALOG_ID: "" },
    });
  });

  it("come from the rule only, and none is lost", () => {
    const rule = arnOf("aws:cloudwatch/eventRule:EventRule", "p-new-objects");
    for (const name of ["p-events", "p-events-failed"]) {
      const { policy } = get("aws:sqs/queuePolicy:QueuePolicy", name);
      expect(policy, name)
        .to.include('"Service":"events.amazonaws.com"')
        .and.include(`"aws:SourceArn":"${rule}"`);
    }
    const failed = arnOf("aws:sqs/queue:Queue", "p-events-failed");
    expect(get("aws:cloudwatch/eventTarget:EventTarget", "p-new-objects")["deadLetterConfig"]).to.deep.equal({
      arn: failed,
    });
    const inputs = get("aws:sqs/queue:Queue", "p-events");
    expect(JSON.parse(String(inputs["redrivePolicy"]))).to.deep.equal({
      deadLetterTargetArn: failed,
      maxReceiveCount: 10,
    });
    // Lambda requires six times the function's timeout, and the window.
    const { timeout } = get(FUNCTION, "p-object-events") as { timeout: number };
    expect(inputs["visibilityTimeoutSeconds"]).to.be.at.least(6 * timeout + 5);
  });

  it("are followed only if the stage wants it", async () => {
    const names = (await recordPartitionManager()).map(({ name }) => name);
    for (const name of ["p-new-objects", "p-events", "p-object-events"]) expect(names).not.to.include(name);
  });
});
