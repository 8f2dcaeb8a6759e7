import { expect } from "chai";
import { LAMBDA_TRUST, NOTHING, openWorkbench, type Properties, type Workbench } from "./workbench";

const document = (Action: string, Resource: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action, Resource }],
  });

/** Settings of the things below: they have nothing of their own to be asked for but themselves. */
const SETTINGS: Readonly<Record<string, (of: Things) => Properties>> = {
  "aws:s3/bucketVersioning:BucketVersioning": ({ bucket }) => ({
    bucket,
    versioningConfiguration: { status: "Enabled" },
  }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ({ bucket }) => ({
    bucket,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
  }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ({ bucket }) => ({
    bucket,
    blockPublicAcls: true,
  }),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ({ bucket }) => ({
    bucket,
    rule: { objectOwnership: "BucketOwnerPreferred" },
  }),
  "aws:s3/bucketPolicy:BucketPolicy": ({ bucket }) => ({
    bucket,
    policy: document("s3:GetObject", `arn:aws:s3:::${bucket}/*`),
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ({ bucket }) => ({
    bucket,
    rules: [{ id: "old", status: "Enabled", expiration: { days: 2 } }],
  }),
  "aws:s3/bucketNotification:BucketNotification": ({ bucket }) => ({ bucket, eventbridge: true }),
  "aws:s3/bucketObjectv2:BucketObjectv2": ({ bucket }) => ({ bucket, key: "page", content: "hello" }),
  "aws:sqs/queuePolicy:QueuePolicy": ({ queue, queueArn }) => ({
    queueUrl: queue,
    policy: document("sqs:SendMessage", queueArn),
  }),
  "aws:sns/topicPolicy:TopicPolicy": ({ topic }) => ({ arn: topic, policy: document("sns:Publish", topic) }),
  "aws:sns/topicSubscription:TopicSubscription": ({ topic, queueArn }) => ({
    topic,
    protocol: "sqs",
    endpoint: queueArn,
  }),
  "aws:cloudwatch/eventTarget:EventTarget": ({ rule, queueArn }) => ({
    rule,
    targetId: "queue",
    arn: queueArn,
  }),
  "aws:iam/rolePolicy:RolePolicy": ({ role }) => ({
    role,
    name: "inline",
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
    }),
  }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ({ role }) => ({
    role,
    policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
  }),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ({ lambda }) => ({
    functionName: lambda,
    maximumRetryAttempts: 1,
  }),
  "aws:lambda/permission:Permission": ({ lambda }) => ({
    function: lambda,
    statementId: "events",
    action: "lambda:InvokeFunction",
    principal: "events.amazonaws.com",
  }),
  "aws:lambda/alias:Alias": ({ lambda }) => ({
    functionName: lambda,
    name: "live",
    functionVersion: "$LATEST",
  }),
  "aws:lambda/eventSourceMapping:EventSourceMapping": ({ lambda, queueArn }) => ({
    functionName: lambda,
    eventSourceArn: queueArn,
  }),
  "aws:secretsmanager/secret:Secret": () => ({ name: "secret" }),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": ({ repository }) => ({
    repository,
    policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
  }),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ({ repository }) => ({
    repository,
    policy: JSON.stringify({ rules: [] }),
  }),
};

interface Things {
  readonly bucket: string;
  readonly queue: string;
  readonly queueArn: string;
  readonly topic: string;
  readonly rule: string;
  readonly role: string;
  readonly lambda: string;
  readonly repository: string;
}

describe("provider presence", () => {
  let bench: Workbench;
  let things: Things;

  before(async function () {
    this.timeout(10 * 60_000);
    bench = await openWorkbench();
    things = await makeThings(bench);
  });
  after(() => bench.close());

  for (const [type, inputsOf] of Object.entries(SETTINGS)) {
    it(`of ${type} ends when it is deleted behind the engine`, async () => {
      const made = await bench.create(type, inputsOf(things));
      expect(await bench.isThere(made)).to.equal(true);
      await bench.remove(made);
      expect(await bench.isThere(made)).to.equal(false);
    });
  }
});

async function makeThings({ create }: Workbench): Promise<Things> {
  const queue = await create("aws:sqs/queue:Queue", { name: "queue" });
  const role = await create("aws:iam/role:Role", { name: "role", assumeRolePolicy: LAMBDA_TRUST });
  const scheduleExpression = "rate(1 day)";
  const lambda = await create("aws:lambda/function:Function", {
    name: "lambda",
    role: String(role.outs["arn"]),
    runtime: "nodejs20.x",
    handler: "index.handler",
    code: NOTHING,
  });
  return {
    bucket: (await create("aws:s3/bucket:Bucket", { bucket: "bucket" })).id,
    queue: queue.id,
    queueArn: String(queue.outs["arn"]),
    topic: (await create("aws:sns/topic:Topic", { name: "topic" })).id,
    rule: (await create("aws:cloudwatch/eventRule:EventRule", { name: "rule", scheduleExpression })).id,
    role: role.id,
    lambda: lambda.id,
    repository: (await create("aws:ecr/repository:Repository", { name: "images" })).id,
  };
}
