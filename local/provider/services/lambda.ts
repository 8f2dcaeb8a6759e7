import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  type AliasRoutingConfiguration,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteAliasCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionEventInvokeConfigCommand,
  type DestinationConfig,
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  UpdateAliasCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { type lambda } from "@pulumi/aws";
import {
  type Inputs,
  reference,
  required,
  resource,
  type ResourceTypes,
  setting,
  until,
} from "../resource-type";
import { pascal, without } from "../values";
import { lambdaFunction, setTags } from "./lambda-function";

const permission = resource<lambda.PermissionArgs>({
  replaceOn: "*",
  naming: { property: "statementId", prefix: "statementIdPrefix", limit: 100 },
  create: async (inputs, { client }) => {
    const StatementId = required(inputs.statementId, "statementId");
    await client(LambdaClient).send(
      new AddPermissionCommand({
        StatementId,
        FunctionName: reference(inputs.function),
        Action: inputs.action,
        Principal: inputs.principal,
        PrincipalOrgID: inputs.principalOrgId,
        Qualifier: inputs.qualifier,
        SourceAccount: inputs.sourceAccount,
        SourceArn: inputs.sourceArn,
        FunctionUrlAuthType: inputs.functionUrlAuthType as AddPermissionCommandInput["FunctionUrlAuthType"],
      }),
    );
    return StatementId;
  },
  describe: async (id, inputs, { client }) => {
    const FunctionName = reference(inputs.function);
    const { Policy } = await client(LambdaClient).send(
      new GetPolicyCommand({ FunctionName, Qualifier: inputs.qualifier }),
    );
    const { Statement } = JSON.parse(Policy ?? "{}") as { readonly Statement?: readonly { Sid?: string }[] };
    return Statement?.some(({ Sid }) => Sid === id) === true ? { function: FunctionName } : undefined;
  },
  delete: async (id, inputs, { client }) => {
    const FunctionName = reference(inputs.function);
    await client(LambdaClient).send(
      new RemovePermissionCommand({ FunctionName, StatementId: id, Qualifier: inputs.qualifier }),
    );
  },
});

const eventInvokeConfig = setting<lambda.FunctionEventInvokeConfigArgs>({
  replaceOn: ["functionName", "qualifier"],
  id: ({ functionName, qualifier }) =>
    qualifier === undefined ? functionName : `${functionName}:${qualifier}`,
  put: (inputs, { client }) =>
    client(LambdaClient).send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: inputs.functionName,
        Qualifier: inputs.qualifier,
        MaximumEventAgeInSeconds: inputs.maximumEventAgeInSeconds,
        MaximumRetryAttempts: inputs.maximumRetryAttempts,
        DestinationConfig: pascal(inputs.destinationConfig) as DestinationConfig | undefined,
      }),
    ),
  describe: async (_id, { functionName, qualifier }, { client }) => {
    await client(LambdaClient).send(
      new GetFunctionEventInvokeConfigCommand({ FunctionName: functionName, Qualifier: qualifier }),
    );
    return {};
  },
  delete: ({ functionName, qualifier }, { client }) =>
    client(LambdaClient).send(
      new DeleteFunctionEventInvokeConfigCommand({ FunctionName: functionName, Qualifier: qualifier }),
    ),
});

const eventSourceMapping = resource<lambda.EventSourceMappingArgs>({
  replaceOn: ["eventSourceArn", "startingPosition", "startingPositionTimestamp"],
  takes: [
    "batchSize",
    "bisectBatchOnFunctionError",
    "destinationConfig",
    "enabled",
    "eventSourceArn",
    "filterCriteria",
    "functionName",
    "functionResponseTypes",
    "maximumBatchingWindowInSeconds",
    "maximumRecordAgeInSeconds",
    "maximumRetryAttempts",
    "parallelizationFactor",
    "scalingConfig",
    "startingPosition",
    "startingPositionTimestamp",
  ],
  create: async (inputs, { client }) => {
    const created = await client(LambdaClient).send(
      new CreateEventSourceMappingCommand({ ...mappingOf(inputs), Tags: inputs.tags }),
    );
    return required(created.UUID, "UUID");
  },
  describe: async (id, inputs, { client }) => {
    let live = await client(LambdaClient).send(new GetEventSourceMappingCommand({ UUID: id }));
    await until(`Event source mapping ${id}`, async () => {
      live = await client(LambdaClient).send(new GetEventSourceMappingCommand({ UUID: id }));
      return !["Creating", "Updating", "Enabling", "Disabling"].includes(live.State ?? "");
    });
    return {
      arn: live.EventSourceMappingArn,
      functionArn: live.FunctionArn,
      functionName: reference(inputs.functionName),
      state: live.State,
      uuid: id,
    };
  },
  update: async (id, inputs, earlier, context) => {
    const change = without(mappingOf(inputs), "EventSourceArn");
    await context
      .client(LambdaClient)
      .send(new UpdateEventSourceMappingCommand({ ...UNSET, ...change, UUID: id }));
    await setTags(`event-source-mapping:${id}`, inputs, earlier, context);
  },
  delete: async (id, _inputs, { client }) => {
    await client(LambdaClient).send(new DeleteEventSourceMappingCommand({ UUID: id }));
  },
});

/** What an update must send to remove a setting of a mapping. */
const UNSET = {
  FilterCriteria: { Filters: [] },
  FunctionResponseTypes: [],
  MaximumBatchingWindowInSeconds: 0,
  ScalingConfig: {},
} satisfies Partial<CreateEventSourceMappingCommandInput>;

function mappingOf(inputs: Inputs<lambda.EventSourceMappingArgs>): CreateEventSourceMappingCommandInput {
  const rest = without(inputs, "destinationConfig", "functionName", "region", "tags");
  const destination = inputs.destinationConfig?.onFailure?.destinationArn;
  const failures =
    destination === undefined ? {} : { DestinationConfig: { OnFailure: { Destination: destination } } };
  const mapping = pascal(rest) as object;
  return { ...mapping, ...failures, FunctionName: reference(inputs.functionName) };
}

const alias = resource<lambda.AliasArgs>({
  replaceOn: ["functionName", "name"],
  takes: ["description", "functionName", "functionVersion", "name", "routingConfig"],
  naming: { property: "name", limit: 128 },
  create: async (inputs, { client }) => {
    const created = await client(LambdaClient).send(new CreateAliasCommand(aliasOf(inputs)));
    return required(created.AliasArn, "AliasArn");
  },
  describe: async (id, inputs, { client, partition, region }) => {
    await client(LambdaClient).send(
      new GetAliasCommand({ FunctionName: reference(inputs.functionName), Name: inputs.name }),
    );
    const invokeArn = `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${id}/invocations`;
    return { arn: id, invokeArn };
  },
  update: async (_id, inputs, _earlier, { client }) => {
    await client(LambdaClient).send(new UpdateAliasCommand(aliasOf(inputs)));
  },
  delete: async (_id, inputs, { client }) => {
    await client(LambdaClient).send(
      new DeleteAliasCommand({ FunctionName: reference(inputs.functionName), Name: inputs.name }),
    );
  },
});

function aliasOf(inputs: Inputs<lambda.AliasArgs>): {
  FunctionName: string;
  FunctionVersion: string;
  Name: string | undefined;
  Description: string | undefined;
  RoutingConfig: AliasRoutingConfiguration;
} {
  return {
    FunctionName: reference(inputs.functionName),
    FunctionVersion: inputs.functionVersion,
    Name: inputs.name,
    Description: inputs.description,
    // An update must send empty weights to remove them: then all calls go to the version.
    RoutingConfig: { AdditionalVersionWeights: inputs.routingConfig?.additionalVersionWeights ?? {} },
  };
}

export const lambdaTypes: ResourceTypes = {
  "aws:lambda/alias:Alias": alias,
  "aws:lambda/eventSourceMapping:EventSourceMapping": eventSourceMapping,
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": eventInvokeConfig,
  "aws:lambda/permission:Permission": permission,
};
