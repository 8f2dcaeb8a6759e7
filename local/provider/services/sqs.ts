import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { type sqs } from "@pulumi/aws";
import { present, changeTags, required, resource, type ResourceTypes, setting } from "../resource-type";
import { asJson, attributesOf } from "../values";

/** Names of SQS's attributes by Pulumi's property. */
const ATTRIBUTES = {
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "DeduplicationScope",
  delaySeconds: "DelaySeconds",
  fifoThroughputLimit: "FifoThroughputLimit",
  kmsDataKeyReusePeriodSeconds: "KmsDataKeyReusePeriodSeconds",
  kmsMasterKeyId: "KmsMasterKeyId",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  policy: "Policy",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  redriveAllowPolicy: "RedriveAllowPolicy",
  redrivePolicy: "RedrivePolicy",
  sqsManagedSseEnabled: "SqsManagedSseEnabled",
  visibilityTimeoutSeconds: "VisibilityTimeout",
} as const satisfies Partial<Record<keyof sqs.QueueArgs, string>>;

/** What an update must send to remove an attribute. */
const DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: "0",
  MaximumMessageSize: "262144",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
};

const queue = resource<sqs.QueueArgs>({
  replaceOn: ["fifoQueue", "name", "namePrefix"],
  naming: {
    property: "name",
    prefix: "namePrefix",
    limit: 80,
    suffix: ({ fifoQueue }) => (fifoQueue === true ? ".fifo" : ""),
  },
  takes: [...Object.keys(ATTRIBUTES), "fifoQueue", "name", "namePrefix"],
  create: async (inputs, { client }) => {
    const Attributes = {
      ...attributesOf(inputs, ATTRIBUTES),
      ...(inputs.fifoQueue === true ? { FifoQueue: "true" } : {}),
    };
    const created = await client(SQSClient).send(
      new CreateQueueCommand({
        QueueName: required(inputs.name, "name"),
        Attributes,
        ...(inputs.tags === undefined ? {} : { tags: inputs.tags }),
      }),
    );
    return required(created.QueueUrl, "QueueUrl");
  },
  describe: async (id, inputs, { client }) => {
    const { Attributes } = await client(SQSClient).send(
      new GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: ["QueueArn"] }),
    );
    return { arn: Attributes?.["QueueArn"], name: inputs.name, url: id };
  },
  update: async (id, inputs, earlier, { client }) => {
    const now = attributesOf(inputs, ATTRIBUTES);
    const removed = Object.keys(attributesOf(earlier, ATTRIBUTES)).filter(
      (attribute) => now[attribute] === undefined,
    );
    const reset = removed.map((attribute) => [attribute, DEFAULTS[attribute] ?? ""] as const);
    const Attributes = { ...Object.fromEntries(reset), ...now };
    if (Object.keys(Attributes).length > 0) {
      await client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl: id, Attributes }));
    }
    await changeTags(inputs, earlier, {
      untag: (TagKeys) => client(SQSClient).send(new UntagQueueCommand({ QueueUrl: id, TagKeys })),
      tag: (Tags) => client(SQSClient).send(new TagQueueCommand({ QueueUrl: id, Tags })),
    });
  },
  delete: async (id, _inputs, { client }) => {
    await client(SQSClient).send(new DeleteQueueCommand({ QueueUrl: id }));
  },
});

export const sqsTypes: ResourceTypes = {
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": setting<sqs.QueuePolicyArgs>({
    replaceOn: ["queueUrl"],
    id: ({ queueUrl }) => queueUrl,
    put: ({ queueUrl: QueueUrl, policy }, { client }) =>
      client(SQSClient).send(
        new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: asJson(policy) } }),
      ),
    describe: async (_id, { queueUrl: QueueUrl }, { client }) => {
      const { Attributes } = await client(SQSClient).send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] }),
      );
      return present((Attributes?.["Policy"] ?? "") !== "");
    },
    delete: ({ queueUrl: QueueUrl }, { client }) =>
      client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: "" } })),
  }),
};
