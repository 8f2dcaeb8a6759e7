import { type Provider } from "@pulumi/pulumi/provider";
import { expect } from "chai";
import { type Emulator, ensureTools, startEmulator, stopEmulator } from "../../../local";
import { createProvider } from "../../../local/provider/provider";
import { types } from "../../../local/provider/types";
import { freePort, removeHome, temporaryHome } from "../home";

type Properties = Readonly<Record<string, unknown>>;

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
  let home: string;
  let emulator: Emulator;
  let provider: Provider;
  let things: Things;

  before(async function () {
    this.timeout(10 * 60_000);
    const tools = await ensureTools();
    home = await temporaryHome();
    emulator = await startEmulator({ home, tools, port: await freePort() });
    const { endpoint } = emulator;
    provider = createProvider({ types, invokes: {}, endpoint, region: "us-east-1", version: "7.0.0" });
    things = await makeThings();
  });
  after(async () => {
    await stopEmulator(home);
    await removeHome(home);
  });

  const urnOf = (type: string): string => `urn:pulumi:local::strata::${type}::thing`;

  async function make(
    type: string,
    inputs: Properties,
  ): Promise<{ readonly id: string; readonly outs: Properties }> {
    if (provider.create === undefined) throw new Error("The provider creates nothing.");
    const created = await provider.create(urnOf(type), inputs);
    return { id: created.id, outs: created.outs as Properties };
  }

  async function makeThings(): Promise<Things> {
    const trust = {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "lambda.amazonaws.com" },
    };
    const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    const queue = await make("aws:sqs/queue:Queue", { name: "queue" });
    const role = await make("aws:iam/role:Role", { name: "role", assumeRolePolicy });
    const scheduleExpression = "rate(1 day)";
    const nothing = { kind: "archive", assets: { "index.js": { kind: "asset", text: "" } } };
    const lambda = await make("aws:lambda/function:Function", {
      name: "lambda",
      role: String(role.outs["arn"]),
      runtime: "nodejs20.x",
      handler: "index.handler",
      code: nothing,
    });
    return {
      bucket: (await make("aws:s3/bucket:Bucket", { bucket: "bucket" })).id,
      queue: queue.id,
      queueArn: String(queue.outs["arn"]),
      topic: (await make("aws:sns/topic:Topic", { name: "topic" })).id,
      rule: (await make("aws:cloudwatch/eventRule:EventRule", { name: "rule", scheduleExpression })).id,
      role: role.id,
      lambda: lambda.id,
      repository: (await make("aws:ecr/repository:Repository", { name: "images" })).id,
    };
  }

  for (const [type, inputsOf] of Object.entries(SETTINGS)) {
    it(`of ${type} ends when it is deleted behind the engine`, async () => {
      const urn = urnOf(type);
      const { id, outs } = await make(type, inputsOf(things));
      const read = async (): Promise<unknown> => (await provider.read?.(id, urn, outs))?.id;
      expect(await read()).to.equal(id);
      await provider.delete?.(id, urn, outs);
      expect(await read()).to.equal("");
    });
  }
});
