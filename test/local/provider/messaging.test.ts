import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { EventBridgeClient, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetEventSourceMappingCommand, LambdaClient, ListTagsCommand } from "@aws-sdk/client-lambda";
import { GetBucketNotificationConfigurationCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSubscriptionAttributesCommand, ListTagsForResourceCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { LAMBDA_TRUST, NOTHING, openWorkbench, type Workbench } from "./workbench";

const TOPIC = "arn:aws:sns:us-east-1:000000000000:specs";

describe("provider messaging", () => {
  let bench: Workbench;
  let queue: { readonly url: string; readonly arn: string };
  let deadLetters: string;

  before(async function () {
    this.timeout(10 * 60_000);
    bench = await openWorkbench();
    const role = await bench.create("aws:iam/role:Role", { name: "role", assumeRolePolicy: LAMBDA_TRUST });
    await bench.create("aws:lambda/function:Function", {
      name: "consumer",
      role: String(role.outs["arn"]),
      runtime: "nodejs20.x",
      handler: "index.handler",
      code: NOTHING,
    });
    deadLetters = String((await bench.create("aws:sqs/queue:Queue", { name: "dead-letters" })).outs["arn"]);
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters, maxReceiveCount: 3 });
    const made = await bench.create("aws:sqs/queue:Queue", { name: "work", redrivePolicy });
    queue = { url: made.id, arn: String(made.outs["arn"]) };
    const anyone = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: queue.arn };
    await bench.create("aws:sqs/queuePolicy:QueuePolicy", {
      queueUrl: queue.url,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [anyone] }),
    });
    await bench.create("aws:sns/topic:Topic", { name: "specs" });
    await bench.create("aws:s3/bucket:Bucket", { bucket: "packages" });
  });
  after(() => bench.close());

  it("gives a queue's messages that fail too often to another queue", async () => {
    const { Attributes } = await bench
      .client(SQSClient)
      .send(new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ["RedrivePolicy"] }));
    expect(JSON.parse(Attributes?.["RedrivePolicy"] ?? "{}")).to.include({
      deadLetterTargetArn: deadLetters,
    });
  });

  it("takes messages from a queue in batches, and takes its settings back", async () => {
    const of = { functionName: "consumer", eventSourceArn: queue.arn };
    const mapping = await bench.create("aws:lambda/eventSourceMapping:EventSourceMapping", {
      ...of,
      batchSize: 100,
      enabled: false,
      filterCriteria: { filters: [{ pattern: '{"body":{"source":["aws.s3"]}}' }] },
      functionResponseTypes: ["ReportBatchItemFailures"],
      maximumBatchingWindowInSeconds: 20,
      scalingConfig: { maximumConcurrency: 2 },
    });
    const live = (): Promise<object> =>
      bench.client(LambdaClient).send(new GetEventSourceMappingCommand({ UUID: mapping.id }));
    expect(await live()).to.deep.include({
      BatchSize: 100,
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"source":["aws.s3"]}}' }] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumBatchingWindowInSeconds: 20,
      ScalingConfig: { MaximumConcurrency: 2 },
      State: "Disabled",
    });
    await bench.update(mapping, { ...of, batchSize: 50, enabled: true });
    expect(await live()).to.deep.include({
      BatchSize: 50,
      FilterCriteria: { Filters: [] },
      FunctionResponseTypes: [],
      MaximumBatchingWindowInSeconds: 0,
      ScalingConfig: {},
      State: "Enabled",
    });
    await bench.remove(mapping);
  });

  it("tags topics and mappings in place", async () => {
    const topic = await bench.create("aws:sns/topic:Topic", { name: "tagged", tags: { a: "1", b: "2" } });
    await bench.update(topic, { name: "tagged", tags: { b: "3" } });
    const { Tags } = await bench
      .client(SNSClient)
      .send(new ListTagsForResourceCommand({ ResourceArn: topic.id }));
    expect(Tags).to.deep.equal([{ Key: "b", Value: "3" }]);
    const of = { functionName: "consumer", eventSourceArn: deadLetters };
    const type = "aws:lambda/eventSourceMapping:EventSourceMapping";
    const mapping = await bench.create(type, { ...of, tags: { a: "1", b: "2" } });
    const mapped = async (): Promise<unknown> =>
      (await bench.client(LambdaClient).send(new ListTagsCommand({ Resource: String(mapping.outs["arn"]) })))
        .Tags;
    expect(await mapped()).to.deep.equal({ a: "1", b: "2" });
    await bench.update(mapping, { ...of, tags: { b: "3" } });
    expect(await mapped()).to.deep.equal({ b: "3" });
    await bench.remove(mapping);
  });

  it("keeps what a topic can't deliver, and sends email", async () => {
    const attributes = async (SubscriptionArn: string): Promise<Readonly<Record<string, string>>> =>
      (await bench.client(SNSClient).send(new GetSubscriptionAttributesCommand({ SubscriptionArn })))
        .Attributes ?? {};
    const type = "aws:sns/topicSubscription:TopicSubscription";
    const endpoint = "arn:aws:lambda:us-east-1:000000000000:function:consumer";
    const of = { topic: TOPIC, protocol: "lambda", endpoint };
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters });
    const subscription = await bench.create(type, { ...of, redrivePolicy });
    expect(await attributes(subscription.id)).to.include({ RedrivePolicy: redrivePolicy });
    await bench.update(subscription, of);
    expect(await attributes(subscription.id)).to.include({ RedrivePolicy: "" });
    const mail = { topic: TOPIC, protocol: "email", endpoint: "team@example.org" };
    expect(await attributes((await bench.create(type, mail)).id)).to.include({ Protocol: "email" });
  });

  it("tells a topic, a queue and the bus of a bucket's objects, and stops to", async () => {
    const rule = (suffix: string): object => ({ events: ["s3:ObjectCreated:*"], filterSuffix: suffix });
    const notification = await bench.create("aws:s3/bucketNotification:BucketNotification", {
      bucket: "packages",
      topics: [{ ...rule("-spec.json"), topicArn: TOPIC }],
      queues: [{ ...rule(".csv"), queueArn: queue.arn, filterPrefix: "in/" }],
      eventbridge: true,
    });
    const live = (): Promise<object> =>
      bench.client(S3Client).send(new GetBucketNotificationConfigurationCommand({ Bucket: "packages" }));
    expect(await live()).to.have.nested.property("TopicConfigurations[0].TopicArn", TOPIC);
    expect(await live()).to.have.nested.property("QueueConfigurations[0].QueueArn", queue.arn);
    expect(await live()).to.have.property("EventBridgeConfiguration");
    await bench.update(notification, { bucket: "packages", eventbridge: true });
    expect(await live()).not.to.have.any.keys("TopicConfigurations", "QueueConfigurations");
  });

  it("hands events of the default bus to a queue", async () => {
    const events = await bench.create("aws:sqs/queue:Queue", { name: "events" });
    const arn = String(events.outs["arn"]);
    await bench.create("aws:s3/bucket:Bucket", { bucket: "lake" });
    await bench.create("aws:s3/bucketNotification:BucketNotification", { bucket: "lake", eventbridge: true });
    const rule = await bench.create("aws:cloudwatch/eventRule:EventRule", {
      name: "created",
      eventPattern: JSON.stringify({ source: ["aws.s3"], detail: { bucket: { name: ["lake"] } } }),
    });
    expect(rule.outs["eventBusName"]).to.equal("default");
    await bench.create("aws:cloudwatch/eventTarget:EventTarget", {
      rule: "created",
      targetId: "events",
      arn,
      deadLetterConfig: { arn: deadLetters },
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 8 },
    });
    const { Targets } = await bench
      .client(EventBridgeClient)
      .send(new ListTargetsByRuleCommand({ Rule: "created" }));
    expect(Targets).to.deep.equal([
      {
        Id: "events",
        Arn: arn,
        DeadLetterConfig: { Arn: deadLetters },
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 8 },
      },
    ]);
    await bench.client(S3Client).send(new PutObjectCommand({ Bucket: "lake", Key: "a", Body: "b" }));
    const { Messages } = await bench
      .client(SQSClient)
      .send(new ReceiveMessageCommand({ QueueUrl: events.id, WaitTimeSeconds: 20 }));
    expect(Messages?.[0]?.Body).to.contain("Object Created");
  });

  it("alarms", async () => {
    await bench.create("aws:cloudwatch/metricAlarm:MetricAlarm", {
      name: "dead-letters",
      alarmDescription: "Look at the queue.",
      comparisonOperator: "GreaterThanThreshold",
      dimensions: { QueueName: "dead-letters" },
      evaluationPeriods: 1,
      metricName: "ApproximateNumberOfMessagesVisible",
      namespace: "AWS/SQS",
      period: 300,
      statistic: "Maximum",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [TOPIC],
    });
    const { MetricAlarms } = await bench
      .client(CloudWatchClient)
      .send(new DescribeAlarmsCommand({ AlarmNames: ["dead-letters"] }));
    expect(MetricAlarms?.[0]).to.deep.include({
      AlarmActions: [TOPIC],
      Dimensions: [{ Name: "QueueName", Value: "dead-letters" }],
      Threshold: 0,
      TreatMissingData: "notBreaching",
    });
  });
});
