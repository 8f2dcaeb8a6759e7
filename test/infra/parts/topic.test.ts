import { expect } from "chai";
import { Topic } from "../../../infra/parts/topic";
import { recordComponent, testFunction } from "../recorded-component";
import { named, placesOf } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";

const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const PERMISSION = "aws:lambda/permission:Permission";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";

const arn = arnOf(TOPIC, "changed");
const from = { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::data" };

/** The statements of a policy, as they are. */
function statements(policy: unknown): unknown {
  return (JSON.parse(String(policy)) as { readonly Statement: unknown }).Statement;
}

describe("a topic", () => {
  const recordTopic = (
    args: { tlsOnly?: boolean; sourceAccount?: string } = {},
    use: (topic: Topic) => void = () => undefined,
  ): Promise<RecordedResource[]> =>
    recordComponent(() => {
      const { tlsOnly = true, ...source } = args;
      use(new Topic("changed", { tlsOnly, from: { ...from, ...source } }));
    });

  it("takes messages of one service for one resource and account, and none without TLS", async () => {
    const resources = await recordTopic({ sourceAccount: "123456789012" });
    expect(placesOf(resources)).to.deep.equal([
      `${TOPIC} changed in changed`,
      `${POLICY} changed in changed`,
      "strata:part:Topic changed in the stack",
    ]);
    const publish = { Action: "sns:Publish", Resource: arn };
    expect(statements(named(resources, POLICY, "changed").inputs["policy"])).to.deep.equal([
      {
        ...publish,
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Condition: {
          ArnLike: { "aws:SourceArn": "arn:aws:s3:::data" },
          StringEquals: { "aws:SourceAccount": "123456789012" },
        },
      },
      {
        ...publish,
        Effect: "Deny",
        Principal: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("refuses nothing where the endpoint has no TLS, and asks for no account where the ARN holds one", async () => {
    const resources = await recordTopic({ tlsOnly: false });
    expect(statements(named(resources, POLICY, "changed").inputs["policy"])).to.deep.equal([
      {
        Action: "sns:Publish",
        Resource: arn,
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::data" } },
      },
    ]);
  });

  it("calls a function, once it may, and keeps what can't be delivered with the function's failures", async () => {
    const resources = await recordTopic({}, (topic) => topic.onMessage("handled", testFunction()));
    expect(named(resources, PERMISSION, "handled").inputs).to.deep.equal({
      action: "lambda:InvokeFunction",
      function: "handler",
      principal: "sns.amazonaws.com",
      sourceArn: arn,
    });
    const { inputs, parent, dependsOn } = named(resources, SUBSCRIPTION, "handled");
    const failures = arnOf("aws:sqs/queue:Queue", "handler-failed");
    expect(inputs).to.deep.equal({
      topic: arn,
      protocol: "lambda",
      endpoint: arnOf("aws:lambda/function:Function", "handler"),
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: failures }),
    });
    expect(parent).to.equal("changed");
    expect(dependsOn).to.deep.equal([`${PERMISSION} handled`, `${QUEUE_POLICY} handler-failed`]);
    expect(statements(named(resources, QUEUE_POLICY, "handler-failed").inputs["policy"])).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: failures,
        Condition: { ArnEquals: { "aws:SourceArn": arn } },
      },
    ]);
  });

  it("sends emails", async () => {
    const resources = await recordTopic({}, (topic) => topic.email("emails", "ops@example.com"));
    const { inputs, parent } = named(resources, SUBSCRIPTION, "emails");
    expect(inputs).to.deep.equal({ topic: arn, protocol: "email", endpoint: "ops@example.com" });
    expect(parent).to.equal("changed");
  });
});
