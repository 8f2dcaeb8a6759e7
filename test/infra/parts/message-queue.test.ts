import { expect } from "chai";
import { MessageQueue, type MessageQueueArgs } from "../../../infra/parts/message-queue";
import { allowedBy, recordComponent } from "../recorded-component";
import { named, placesOf } from "../recorded-queries";
import { type RecordedResource, arnOf, standIn } from "../recorded-resources";

const QUEUE = "aws:sqs/queue:Queue";
const TYPE = "strata:part:TestQueue";
const arn = arnOf(QUEUE, "work");

describe("a message queue", () => {
  let queue: MessageQueue;
  const recordQueue = (
    args: () => Partial<MessageQueueArgs> = () => ({}),
    use: (built: MessageQueue) => void = () => undefined,
  ): Promise<RecordedResource[]> =>
    recordComponent(() => {
      queue = new MessageQueue(TYPE, "work", { retentionSeconds: 3600, ...args() });
      use(queue);
    });

  it("is encrypted, and keeps messages as long as it is told", async () => {
    const resources = await recordQueue();
    expect(placesOf(resources)).to.deep.equal([`${QUEUE} work in work`, `${TYPE} work in the stack`]);
    expect(named(resources, QUEUE, "work").inputs).to.deep.equal({
      messageRetentionSeconds: 3600,
      sqsManagedSseEnabled: true,
    });
  });

  it("hides messages and sets failed ones aside as it is told", async () => {
    const resources = await recordQueue(() => {
      const failed = standIn(() => new MessageQueue(TYPE, "failed", { retentionSeconds: 3600 }));
      return { visibilitySeconds: 90, deadLetter: { queue: failed, maxReceives: 3 } };
    });
    const { visibilityTimeoutSeconds, redrivePolicy } = named(resources, QUEUE, "work").inputs;
    expect(visibilityTimeoutSeconds).to.equal(90);
    expect(JSON.parse(String(redrivePolicy))).to.deep.equal({
      deadLetterTargetArn: arnOf(QUEUE, "failed"),
      maxReceiveCount: 3,
    });
  });

  it("grants sending, and receiving", async () => {
    await recordQueue();
    expect(await allowedBy(queue.send())).to.deep.equal([{ actions: ["sqs:SendMessage"], resources: [arn] }]);
    expect(await allowedBy(queue.receive())).to.deep.equal([
      { actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], resources: [arn] },
    ]);
  });

  it("accepts messages of a service for one resource only", async () => {
    const resources = await recordQueue(undefined, (built) => {
      built.acceptFrom("events.amazonaws.com", "arn:aws:events:us-east-1:123456789012:rule/changed");
    });
    const { inputs, parent } = named(resources, "aws:sqs/queuePolicy:QueuePolicy", "work");
    expect(parent).to.equal("work");
    expect(inputs["queueUrl"]).to.equal("https://mock/work");
    expect(JSON.parse(String(inputs["policy"]))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: arn,
          Condition: {
            ArnEquals: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/changed" },
          },
        },
      ],
    });
  });
});
