import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { rejection, suiteEmulator } from "../home";
import { LAMBDA_TRUST } from "../provider/workbench";

/** Writes each call into its journal, waits while its hold is there, and throws if it is to fail. */
const CODE = `
const { appendFileSync, existsSync } = require("node:fs");
const { FAILS, HOLD, JOURNAL, AWS_LAMBDA_FUNCTION_VERSION: version } = process.env;
exports.handler = async (_event, { awsRequestId, invokedFunctionArn }) => {
  appendFileSync(JOURNAL, JSON.stringify({ awsRequestId, invokedFunctionArn }) + "\\n");
  while (existsSync(HOLD)) await new Promise((resolve) => setTimeout(resolve, 20));
  if (FAILS) throw new Error("It fails.");
  return version;
};`;

interface Call {
  readonly awsRequestId: string;
  readonly invokedFunctionArn: string;
}

/** What a failure destination is sent. */
interface FailureRecord {
  readonly requestPayload: unknown;
  readonly responsePayload: { readonly errorMessage: string };
}

describe("the additions to the emulator's Lambda", () => {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const emulator = suiteEmulator();
  let role: string | undefined;
  let lambda: LambdaClient;
  let sns: SNSClient;
  let sqs: SQSClient;
  let events: EventBridgeClient;

  before(async () => {
    const { endpoint } = emulator();
    const settings = { endpoint, region: "us-east-1", credentials, maxAttempts: 1 };
    lambda = new LambdaClient(settings);
    sns = new SNSClient(settings);
    sqs = new SQSClient(settings);
    events = new EventBridgeClient(settings);
    const own = { RoleName: "function", AssumeRolePolicyDocument: LAMBDA_TRUST };
    role = (await new IAMClient(settings).send(new CreateRoleCommand(own))).Role?.Arn;
  });

  const journalOf = (name: string): string => join(emulator().home, `${name}.journal`);
  const holdOf = (name: string): string => join(emulator().home, `${name}.hold`);

  /** Publishes version 1 of a function, and 2 if there are weights, and an alias of version 1 whose ARN it answers. */
  async function release(
    name: string,
    { weights, ...variables }: { readonly weights?: Record<string, number>; readonly FAILS?: string } = {},
  ): Promise<string> {
    const patience = { client: lambda, maxWaitTime: 20, minDelay: 0.1 };
    const Variables = { ...variables, JOURNAL: journalOf(name), HOLD: holdOf(name) };
    await writeFile(journalOf(name), "");
    await lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName: name, Runtime: "nodejs20.x", Handler: "index.handler", Timeout: 30 },
        Role: role,
        Code: { ZipFile: zipSync({ "index.js": strToU8(CODE) }) },
        Environment: { Variables },
      }),
    );
    await waitUntilFunctionActiveV2(patience, { FunctionName: name });
    await lambda.send(new PublishVersionCommand({ FunctionName: name }));
    if (weights !== undefined) {
      const Description = "changed, or there would be nothing to publish";
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Description }));
      await waitUntilFunctionUpdatedV2(patience, { FunctionName: name });
      await lambda.send(new PublishVersionCommand({ FunctionName: name }));
    }
    const { AliasArn = "" } = await lambda.send(
      new CreateAliasCommand({
        ...{ FunctionName: name, Name: "live", FunctionVersion: "1" },
        ...(weights === undefined ? {} : { RoutingConfig: { AdditionalVersionWeights: weights } }),
      }),
    );
    return AliasArn;
  }

  /** Once there are that many calls. */
  async function callsOf(name: string, count: number): Promise<readonly Call[]> {
    for (;;) {
      const lines = (await readFile(journalOf(name), "utf8")).split("\n").filter((line) => line !== "");
      if (lines.length >= count) return lines.map((line) => JSON.parse(line) as Call);
      await sleep(50);
    }
  }

  async function configure(name: string, retries: number, queue?: string): Promise<void> {
    const destination = `arn:aws:sqs:us-east-1:000000000000:${queue ?? ""}`;
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        ...{ FunctionName: name, Qualifier: "live", MaximumRetryAttempts: retries },
        ...(queue === undefined ? {} : { DestinationConfig: { OnFailure: { Destination: destination } } }),
      }),
    );
  }

  async function answerOf(alias: string): Promise<string> {
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: alias }));
    return JSON.parse(Payload?.transformToString() ?? "") as string;
  }

  const sendTo = {
    SNS: async (alias: string) => {
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint: alias }));
      await sns.send(new PublishCommand({ TopicArn, Message: "an event" }));
    },
    EventBridge: async (alias: string) => {
      await events.send(new PutRuleCommand({ Name: "news", EventPattern: '{"source":["test"]}' }));
      await events.send(new PutTargetsCommand({ Rule: "news", Targets: [{ Id: "one", Arn: alias }] }));
      const event = { Source: "test", DetailType: "any", Detail: '{"what":"an event"}' };
      await events.send(new PutEventsCommand({ Entries: [event] }));
    },
    Invoke: async (FunctionName: string) => {
      const event = { InvocationType: "Event", Payload: '"an event"' } as const;
      await lambda.send(new InvokeCommand({ FunctionName, ...event }));
    },
  };

  it("an event, whoever sends it, is retried as the alias says, with one request id, then ends in its queue", async () => {
    const eventually = async ([sender, send]: readonly [string, (alias: string) => Promise<void>]) => {
      const name = `failing-${sender}`;
      const alias = await release(name, { FAILS: "yes" });
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
      await configure(name, 1, name);
      await send(alias);
      const receive = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
      const { Messages: [message] = [] } = await sqs.send(receive);
      const record = JSON.parse(message?.Body ?? "{}") as Partial<FailureRecord>;
      expect(JSON.stringify(record.requestPayload), sender).to.contain("an event");
      expect(record.responsePayload?.errorMessage).to.equal("It fails.");
      const calls = await callsOf(name, 2);
      expect(calls).to.deep.equal([calls[0], calls[0]]);
      expect(calls[0]?.invokedFunctionArn).to.equal(alias);
    };
    await Promise.all(Object.entries(sendTo).map(eventually));
  });

  it("an alias' weights decide which version is called", async () => {
    const [all, none] = await Promise.all([
      release("all-new", { weights: { 2: 1 } }),
      release("none-new", { weights: { 2: 0 } }),
    ]);
    const answers = [];
    for (const alias of [all, none, all, none]) answers.push(await answerOf(alias));
    expect(answers).to.deep.equal(["2", "1", "2", "1"]);
  });

  it("reserved concurrency holds for an alias, and an event that it throttles waits", async () => {
    const name = "one-at-once";
    const alias = await release(name);
    // A throttled attempt isn't one of the retries, of which there are none.
    await configure(name, 0);
    const one = { FunctionName: name, ReservedConcurrentExecutions: 1 };
    await lambda.send(new PutFunctionConcurrencyCommand(one));
    await writeFile(holdOf(name), "");
    await sendTo.Invoke(alias);
    await callsOf(name, 1);
    expect((await rejection(answerOf(alias))).name).to.equal("TooManyRequestsException");
    await sendTo.Invoke(alias);
    // Long enough to be refused; were it not, the test would show less, not fail.
    await sleep(300);
    expect(await callsOf(name, 1)).to.have.length(1);
    await rm(holdOf(name));
    const [first, second] = await callsOf(name, 2);
    expect(second?.awsRequestId).not.to.equal(first?.awsRequestId);
  });
});
