import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { type cloudwatch } from "@pulumi/aws";
import {
  type Inputs,
  present,
  required,
  resource,
  type ResourceTypes,
  setting,
  tagList,
} from "../resource-type";
import { asJson, pascal } from "../values";

const eventBus = resource<cloudwatch.EventBusArgs>({
  replaceOn: "*",
  naming: { property: "name", limit: 256 },
  create: async (inputs, { client }) => {
    const Name = required(inputs.name, "name");
    const { description, eventSourceName, kmsKeyIdentifier, tags } = inputs;
    await client(EventBridgeClient).send(
      new CreateEventBusCommand({
        Name,
        Description: description,
        EventSourceName: eventSourceName,
        KmsKeyIdentifier: kmsKeyIdentifier,
        Tags: tagList(tags),
      }),
    );
    return Name;
  },
  describe: async (id, _inputs, { client }) => {
    const live = await client(EventBridgeClient).send(new DescribeEventBusCommand({ Name: id }));
    return { arn: live.Arn, name: id };
  },
  delete: async (id, _inputs, { client }) => {
    await client(EventBridgeClient).send(new DeleteEventBusCommand({ Name: id }));
  },
});

/** The id has no bus when it is the default bus, as in @pulumi/aws. */
function ruleId({
  eventBusName,
  name,
}: {
  readonly eventBusName?: string | undefined;
  readonly name?: string | undefined;
}): string {
  return eventBusName === undefined || eventBusName === "default"
    ? (name ?? "")
    : `${eventBusName}/${name ?? ""}`;
}

const eventRule = setting<cloudwatch.EventRuleArgs>({
  replaceOn: ["eventBusName", "name", "namePrefix"],
  naming: { property: "name", prefix: "namePrefix", limit: 64 },
  id: ruleId,
  put: (inputs, { client }) =>
    client(EventBridgeClient).send(
      new PutRuleCommand({
        Name: inputs.name,
        Description: inputs.description,
        EventBusName: inputs.eventBusName,
        EventPattern: inputs.eventPattern === undefined ? undefined : asJson(inputs.eventPattern),
        RoleArn: inputs.roleArn,
        ScheduleExpression: inputs.scheduleExpression,
        State: (inputs.state ??
          (inputs.isEnabled === false ? "DISABLED" : "ENABLED")) as PutRuleCommandInput["State"],
        Tags: tagList(inputs.tags),
      }),
    ),
  describe: async (_id, { name, eventBusName }, { client }) => {
    const live = await client(EventBridgeClient).send(
      new DescribeRuleCommand({ Name: name, EventBusName: eventBusName }),
    );
    return { arn: live.Arn, eventBusName: eventBusName ?? "default", name };
  },
  delete: ({ name, eventBusName }, { client }) =>
    client(EventBridgeClient).send(
      new DeleteRuleCommand({ Name: name, EventBusName: eventBusName, Force: true }),
    ),
});

const eventTarget = setting<cloudwatch.EventTargetArgs>({
  replaceOn: ["eventBusName", "rule", "targetId"],
  naming: { property: "targetId", limit: 64 },
  id: ({ rule, targetId }) => `${rule}-${targetId ?? ""}`,
  put: async (inputs, { client }) => {
    const { rule: Rule, eventBusName: EventBusName } = inputs;
    const answer = await client(EventBridgeClient).send(
      new PutTargetsCommand({ Rule, EventBusName, Targets: [targetOf(inputs)] }),
    );
    const [failed] = answer.FailedEntries ?? [];
    if (failed !== undefined)
      throw new Error(`${failed.ErrorCode ?? "Failed"}: ${failed.ErrorMessage ?? ""}`);
  },
  // A rule has at most five targets: one page.
  describe: async (_id, { rule: Rule, eventBusName: EventBusName, targetId }, { client }) => {
    const { Targets } = await client(EventBridgeClient).send(
      new ListTargetsByRuleCommand({ Rule, EventBusName }),
    );
    return present((Targets ?? []).some(({ Id }) => Id === targetId));
  },
  delete: ({ rule: Rule, eventBusName: EventBusName, targetId }, { client }) =>
    client(EventBridgeClient).send(
      new RemoveTargetsCommand({ Rule, EventBusName, Ids: [required(targetId, "targetId")], Force: true }),
    ),
});

function targetOf(inputs: Inputs<cloudwatch.EventTargetArgs>): Target {
  const { inputTransformer } = inputs;
  return {
    Id: required(inputs.targetId, "targetId"),
    Arn: inputs.arn,
    Input: inputs.input,
    InputPath: inputs.inputPath,
    ...(inputTransformer === undefined
      ? {}
      : {
          InputTransformer: {
            InputPathsMap: inputTransformer.inputPaths,
            InputTemplate: inputTransformer.inputTemplate,
          },
        }),
    RoleArn: inputs.roleArn,
    DeadLetterConfig: pascal(inputs.deadLetterConfig) as Target["DeadLetterConfig"],
    RetryPolicy: pascal(inputs.retryPolicy) as Target["RetryPolicy"],
    SqsParameters: pascal(inputs.sqsTarget) as Target["SqsParameters"],
  };
}

export const eventTypes: ResourceTypes = {
  "aws:cloudwatch/eventBus:EventBus": eventBus,
  "aws:cloudwatch/eventRule:EventRule": eventRule,
  "aws:cloudwatch/eventTarget:EventTarget": eventTarget,
};
