import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  type LogGroupClass,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { type cloudwatch } from "@pulumi/aws";
import { type Context } from "../clients";
import { changeTags, required, resource, type ResourceTypes, setting, tagList } from "../resource-type";
import { pascal, without } from "../values";
import { eventTypes } from "./cloudwatch-events";

const logGroup = resource<cloudwatch.LogGroupArgs>({
  replaceOn: ["name", "namePrefix", "logGroupClass", "kmsKeyId"],
  naming: { property: "name", prefix: "namePrefix", limit: 512 },
  create: async (inputs, context) => {
    const logGroupName = required(inputs.name, "name");
    await context.client(CloudWatchLogsClient).send(
      new CreateLogGroupCommand({
        logGroupName,
        kmsKeyId: inputs.kmsKeyId,
        logGroupClass: inputs.logGroupClass as LogGroupClass | undefined,
        ...(inputs.tags === undefined ? {} : { tags: inputs.tags }),
      }),
    );
    await setRetention(logGroupName, inputs.retentionInDays, context);
    return logGroupName;
  },
  describe: async (id, _inputs, { client, partition, region, account }) => {
    const found = await client(CloudWatchLogsClient).send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: id }),
    );
    if (found.logGroups?.some(({ logGroupName }) => logGroupName === id) !== true) return undefined;
    return { arn: `arn:${partition}:logs:${region}:${account}:log-group:${id}`, name: id };
  },
  update: async (id, inputs, earlier, context) => {
    await setRetention(id, inputs.retentionInDays, context);
    const { client, partition, region, account } = context;
    const resourceArn = `arn:${partition}:logs:${region}:${account}:log-group:${id}`;
    const logs = client(CloudWatchLogsClient);
    await changeTags(inputs, earlier, {
      untag: (tagKeys) => logs.send(new UntagResourceCommand({ resourceArn, tagKeys })),
      tag: (tags) => logs.send(new TagResourceCommand({ resourceArn, tags })),
    });
  },
  delete: async (id, inputs, { client }) => {
    if (inputs.skipDestroy === true) return;
    await client(CloudWatchLogsClient).send(new DeleteLogGroupCommand({ logGroupName: id }));
  },
});

/** 0 means forever in Pulumi. */
async function setRetention(
  logGroupName: string,
  days: number | undefined,
  { client }: Context,
): Promise<void> {
  await (days === undefined || days === 0
    ? client(CloudWatchLogsClient).send(new DeleteRetentionPolicyCommand({ logGroupName }))
    : client(CloudWatchLogsClient).send(
        new PutRetentionPolicyCommand({ logGroupName, retentionInDays: days }),
      ));
}

const metricAlarm = setting<cloudwatch.MetricAlarmArgs>({
  replaceOn: ["name"],
  naming: { property: "name", limit: 255 },
  id: ({ name }) => required(name, "name"),
  put: (inputs, { client }) => {
    const {
      name,
      alarmActions,
      okActions,
      insufficientDataActions,
      metricQueries,
      dimensions,
      tags,
      ...rest
    } = inputs;
    const renamed = pascal(without(rest, "region"), {
      spelling: { evaluateLowSampleCountPercentiles: "EvaluateLowSampleCountPercentile" },
    }) as object;
    const alarm = {
      ...renamed,
      AlarmName: name,
      AlarmActions: actions(alarmActions),
      OKActions: actions(okActions),
      InsufficientDataActions: actions(insufficientDataActions),
      Dimensions: Object.entries(dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
      Metrics: metricQueries?.map(({ metric, ...query }) => ({
        ...(pascal(query) as object),
        ...(metric === undefined ? {} : { MetricStat: metricStatOf(metric) }),
      })),
      Tags: tagList(tags),
    } as PutMetricAlarmCommandInput;
    return client(CloudWatchClient).send(new PutMetricAlarmCommand(alarm));
  },
  describe: async (id, _inputs, { client }) => {
    const found = await client(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmNames: [id] }));
    const [alarm] = found.MetricAlarms ?? [];
    return alarm === undefined ? undefined : { arn: alarm.AlarmArn, name: id };
  },
  delete: ({ name }, { client }) =>
    client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames: [required(name, "name")] })),
});

/** Actions are given by ARN, or as the resource, whose id then is its ARN. */
function actions(given: readonly unknown[] | undefined): string[] {
  return (given ?? []).map(String);
}

function metricStatOf(metric: {
  readonly dimensions?: Readonly<Record<string, string>> | undefined;
  readonly metricName: string;
  readonly namespace?: string | undefined;
  readonly period: number;
  readonly stat: string;
  readonly unit?: string | undefined;
}): object {
  const Dimensions = Object.entries(metric.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value }));
  return {
    Metric: { Dimensions, MetricName: metric.metricName, Namespace: metric.namespace },
    Period: metric.period,
    Stat: metric.stat,
    Unit: metric.unit,
  };
}

export const cloudwatchTypes: ResourceTypes = {
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarm,
  ...eventTypes,
};
