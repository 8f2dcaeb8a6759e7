import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  type LoggingConfiguration,
  SFNClient,
  type StateMachineType,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { type sfn } from "@pulumi/aws";
import { type Inputs, changeTags, required, resource, type ResourceTypes } from "../resource-type";

type MachineInputs = Inputs<sfn.StateMachineArgs>;

const stateMachine = resource<sfn.StateMachineArgs>({
  replaceOn: ["name", "namePrefix", "type"],
  naming: { property: "name", prefix: "namePrefix", limit: 80 },
  create: async (inputs, { client }) => {
    const created = await client(SFNClient).send(
      new CreateStateMachineCommand({
        ...changeable(inputs),
        name: required(inputs.name, "name"),
        type: inputs.type as StateMachineType | undefined,
        tags: tagsOf(inputs),
      }),
    );
    return required(created.stateMachineArn, "stateMachineArn");
  },
  describe: async (id, _inputs, { client }) => {
    const live = await client(SFNClient).send(new DescribeStateMachineCommand({ stateMachineArn: id }));
    return {
      arn: id,
      creationDate: live.creationDate?.toISOString(),
      name: live.name,
      revisionId: live.revisionId ?? "",
      status: live.status,
      type: live.type,
    };
  },
  update: async (id, inputs, earlier, { client }) => {
    await client(SFNClient).send(
      new UpdateStateMachineCommand({ ...changeable(inputs), stateMachineArn: id }),
    );
    await changeTags(inputs, earlier, {
      untag: (tagKeys) => client(SFNClient).send(new UntagResourceCommand({ resourceArn: id, tagKeys })),
      tag: () => client(SFNClient).send(new TagResourceCommand({ resourceArn: id, tags: tagsOf(inputs) })),
    });
  },
  delete: async (id, _inputs, { client }) => {
    await client(SFNClient).send(new DeleteStateMachineCommand({ stateMachineArn: id }));
  },
});

function changeable(inputs: MachineInputs): {
  definition: string;
  roleArn: string;
  loggingConfiguration: LoggingConfiguration;
  tracingConfiguration: { enabled: boolean };
} {
  const { logDestination, level, includeExecutionData } = inputs.loggingConfiguration ?? {};
  const destination =
    logDestination === undefined ? [] : [{ cloudWatchLogsLogGroup: { logGroupArn: logDestination } }];
  return {
    definition: inputs.definition,
    roleArn: inputs.roleArn,
    loggingConfiguration: {
      level: (level ?? "OFF") as NonNullable<LoggingConfiguration["level"]>,
      includeExecutionData: includeExecutionData ?? false,
      destinations: destination,
    },
    tracingConfiguration: { enabled: inputs.tracingConfiguration?.enabled ?? false },
  };
}

function tagsOf({ tags }: MachineInputs): { key: string; value: string }[] {
  return Object.entries(tags ?? {}).map(([key, value]) => ({ key, value }));
}

export const sfnTypes: ResourceTypes = { "aws:sfn/stateMachine:StateMachine": stateMachine };
