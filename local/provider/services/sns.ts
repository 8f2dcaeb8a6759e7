import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import { type sns } from "@pulumi/aws";
import {
  reference,
  changeTags,
  required,
  resource,
  type ResourceTypes,
  setting,
  tagList,
} from "../resource-type";
import { asJson, attributesOf, type Bag, sameDocument } from "../values";

const TOPIC = {
  contentBasedDeduplication: "ContentBasedDeduplication",
  deliveryPolicy: "DeliveryPolicy",
  displayName: "DisplayName",
  kmsMasterKeyId: "KmsMasterKeyId",
  policy: "Policy",
  signatureVersion: "SignatureVersion",
  tracingConfig: "TracingConfig",
} as const;

const SUBSCRIPTION = {
  deliveryPolicy: "DeliveryPolicy",
  filterPolicy: "FilterPolicy",
  filterPolicyScope: "FilterPolicyScope",
  rawMessageDelivery: "RawMessageDelivery",
  redrivePolicy: "RedrivePolicy",
  subscriptionRoleArn: "SubscriptionRoleArn",
} as const;

/** What an update sends: the attributes that are given now, and an empty text to remove those that were given before. */
function attributeChanges(
  inputs: Bag,
  earlier: Bag,
  names: Readonly<Record<string, string>>,
): [string, string][] {
  const [now, before] = [attributesOf(inputs, names), attributesOf(earlier, names)];
  return [...new Set([...Object.keys(now), ...Object.keys(before)])]
    .filter((name) => now[name] !== before[name])
    .map((name) => [name, now[name] ?? ""]);
}

const topic = resource<sns.TopicArgs>({
  replaceOn: ["fifoTopic", "name", "namePrefix"],
  naming: {
    property: "name",
    prefix: "namePrefix",
    limit: 256,
    suffix: ({ fifoTopic }) => (fifoTopic === true ? ".fifo" : ""),
  },
  takes: [...Object.keys(TOPIC), "fifoTopic", "name", "namePrefix"],
  create: async (inputs, { client }) => {
    const Attributes = {
      ...attributesOf(inputs, TOPIC),
      ...(inputs.fifoTopic === true ? { FifoTopic: "true" } : {}),
    };
    const created = await client(SNSClient).send(
      new CreateTopicCommand({ Name: required(inputs.name, "name"), Attributes, Tags: tagList(inputs.tags) }),
    );
    return required(created.TopicArn, "TopicArn");
  },
  describe: async (id, inputs, { client, account }) => {
    await client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn: id }));
    return { arn: id, name: inputs.name, owner: account };
  },
  update: async (id, inputs, earlier, { client }) => {
    for (const [AttributeName, AttributeValue] of attributeChanges(inputs, earlier, TOPIC)) {
      await client(SNSClient).send(
        new SetTopicAttributesCommand({ TopicArn: id, AttributeName, AttributeValue }),
      );
    }
    await changeTags(inputs, earlier, {
      untag: (TagKeys) => client(SNSClient).send(new UntagResourceCommand({ ResourceArn: id, TagKeys })),
      tag: (tags) => client(SNSClient).send(new TagResourceCommand({ ResourceArn: id, Tags: tagList(tags) })),
    });
  },
  delete: async (id, _inputs, { client }) => {
    await client(SNSClient).send(new DeleteTopicCommand({ TopicArn: id }));
  },
});

const subscription = resource<sns.TopicSubscriptionArgs>({
  replaceOn: ["endpoint", "protocol", "topic"],
  takes: [...Object.keys(SUBSCRIPTION), "endpoint", "protocol", "topic"],
  create: async (inputs, { client }) => {
    const created = await client(SNSClient).send(
      new SubscribeCommand({
        TopicArn: reference(inputs.topic),
        Endpoint: inputs.endpoint,
        Protocol: inputs.protocol,
        Attributes: attributesOf(inputs, SUBSCRIPTION),
        ReturnSubscriptionArn: true,
      }),
    );
    return required(created.SubscriptionArn, "SubscriptionArn");
  },
  describe: async (id, inputs, { client, account }) => {
    await client(SNSClient).send(new GetSubscriptionAttributesCommand({ SubscriptionArn: id }));
    return { arn: id, ownerId: account, pendingConfirmation: false, topic: reference(inputs.topic) };
  },
  update: async (id, inputs, earlier, { client }) => {
    for (const [AttributeName, AttributeValue] of attributeChanges(inputs, earlier, SUBSCRIPTION)) {
      const change = { SubscriptionArn: id, AttributeName, AttributeValue };
      await client(SNSClient).send(new SetSubscriptionAttributesCommand(change));
    }
  },
  delete: async (id, _inputs, { client }) => {
    await client(SNSClient).send(new UnsubscribeCommand({ SubscriptionArn: id }));
  },
});

export const snsTypes: ResourceTypes = {
  "aws:sns/topic:Topic": topic,
  "aws:sns/topicPolicy:TopicPolicy": setting<sns.TopicPolicyArgs>({
    replaceOn: ["arn"],
    id: ({ arn }) => arn,
    put: ({ arn: TopicArn, policy }, { client }) =>
      client(SNSClient).send(
        new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue: asJson(policy) }),
      ),
    // A topic always has a policy. Without ours it has the one that it was created with.
    describe: async (_id, { arn: TopicArn, policy }, { client, account }) => {
      const { Attributes } = await client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn }));
      return sameDocument(Attributes?.["Policy"], policy) ? { owner: account } : undefined;
    },
    delete: ({ arn: TopicArn }, { client }) =>
      client(SNSClient).send(
        new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue: "" }),
      ),
  }),
  "aws:sns/topicSubscription:TopicSubscription": subscription,
};
