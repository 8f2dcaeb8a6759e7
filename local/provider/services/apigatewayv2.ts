import {
  ApiGatewayV2Client,
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateStageCommand,
  type CreateStageCommandInput,
  DeleteApiCommand,
  DeleteIntegrationCommand,
  DeleteRouteCommand,
  DeleteStageCommand,
  GetApiCommand,
  GetIntegrationCommand,
  GetRouteCommand,
  GetStageCommand,
  UpdateApiCommand,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { type apigatewayv2 } from "@pulumi/aws";
import { type Context } from "../clients";
import { type Inputs, required, resource, type ResourceTypes } from "../resource-type";
import { type Bag, pascal, without } from "../values";

/** All inputs but these are sent to the API under their own names. */
function spelled<T>(inputs: Bag, leftOut: readonly string[] = []): T {
  const kept = Object.entries(inputs).filter(([name]) => ![...leftOut, "region"].includes(name));
  return pascal(Object.fromEntries(kept), {
    opaque: ["requestParameters", "requestTemplates", "stageVariables", "tags"],
  }) as T;
}

/** The address of an API on the emulator, which has one host name for all APIs. */
function address(id: string, { endpoint }: Context): string {
  return `${endpoint}/_aws/execute-api/${id}`;
}

function executionArn(id: string, { partition, region, account }: Context): string {
  return `arn:${partition}:execute-api:${region}:${account}:${id}`;
}

const api = resource<apigatewayv2.ApiArgs>({
  replaceOn: ["protocolType"],
  naming: { property: "name", limit: 128 },
  create: async (inputs, { client }) => {
    const created = await client(ApiGatewayV2Client).send(
      new CreateApiCommand(spelled<CreateApiCommandInput>(inputs)),
    );
    return required(created.ApiId, "ApiId");
  },
  describe: async (id, _inputs, context) => {
    const live = await context.client(ApiGatewayV2Client).send(new GetApiCommand({ ApiId: id }));
    return {
      apiEndpoint: address(id, context),
      arn: `arn:${context.partition}:apigateway:${context.region}::/apis/${id}`,
      executionArn: executionArn(id, context),
      name: live.Name,
    };
  },
  update: async (id, inputs, _earlier, { client }) => {
    const change = spelled<CreateApiCommandInput>(inputs, ["protocolType", "tags"]);
    await client(ApiGatewayV2Client).send(new UpdateApiCommand({ ...change, ApiId: id }));
  },
  delete: async (id, _inputs, { client }) => {
    await client(ApiGatewayV2Client).send(new DeleteApiCommand({ ApiId: id }));
  },
});

const integration = resource<apigatewayv2.IntegrationArgs>({
  replaceOn: ["apiId", "integrationType"],
  create: async (inputs, { client }) => {
    const created = await client(ApiGatewayV2Client).send(
      new CreateIntegrationCommand(integrationOf(inputs)),
    );
    return required(created.IntegrationId, "IntegrationId");
  },
  describe: async (id, { apiId }, { client }) => {
    await client(ApiGatewayV2Client).send(new GetIntegrationCommand({ ApiId: apiId, IntegrationId: id }));
    return {};
  },
  update: async (id, inputs, _earlier, { client }) => {
    const change = { ...integrationOf(inputs), IntegrationId: id };
    await client(ApiGatewayV2Client).send(new UpdateIntegrationCommand(change));
  },
  delete: async (id, { apiId }, { client }) => {
    await client(ApiGatewayV2Client).send(new DeleteIntegrationCommand({ ApiId: apiId, IntegrationId: id }));
  },
});

function integrationOf(inputs: Inputs<apigatewayv2.IntegrationArgs>): CreateIntegrationCommandInput {
  const renamed = spelled<CreateIntegrationCommandInput>(inputs, ["timeoutMilliseconds"]);
  const { timeoutMilliseconds } = inputs;
  return timeoutMilliseconds === undefined ? renamed : { ...renamed, TimeoutInMillis: timeoutMilliseconds };
}

const route = resource<apigatewayv2.RouteArgs>({
  replaceOn: ["apiId"],
  create: async (inputs, { client }) => {
    const created = await client(ApiGatewayV2Client).send(
      new CreateRouteCommand(spelled<CreateRouteCommandInput>(inputs)),
    );
    return required(created.RouteId, "RouteId");
  },
  describe: async (id, { apiId }, { client }) => {
    await client(ApiGatewayV2Client).send(new GetRouteCommand({ ApiId: apiId, RouteId: id }));
    return {};
  },
  update: async (id, inputs, _earlier, { client }) => {
    const change = spelled<CreateRouteCommandInput>(inputs);
    await client(ApiGatewayV2Client).send(new UpdateRouteCommand({ ...change, RouteId: id }));
  },
  delete: async (id, { apiId }, { client }) => {
    await client(ApiGatewayV2Client).send(new DeleteRouteCommand({ ApiId: apiId, RouteId: id }));
  },
});

const stage = resource<apigatewayv2.StageArgs>({
  replaceOn: ["apiId", "name"],
  naming: { property: "name", limit: 128 },
  create: async (inputs, { client }) => {
    await client(ApiGatewayV2Client).send(new CreateStageCommand(stageOf(inputs)));
    return required(inputs.name, "name");
  },
  describe: async (id, { apiId }, context) => {
    await context.client(ApiGatewayV2Client).send(new GetStageCommand({ ApiId: apiId, StageName: id }));
    return {
      arn: `arn:${context.partition}:apigateway:${context.region}::/apis/${apiId}/stages/${id}`,
      executionArn: `${executionArn(apiId, context)}/${id}`,
      invokeUrl: `${address(apiId, context)}/${id}`,
      name: id,
    };
  },
  update: async (_id, inputs, _earlier, { client }) => {
    const change = without(stageOf(inputs), "Tags");
    await client(ApiGatewayV2Client).send(new UpdateStageCommand(change));
  },
  delete: async (id, { apiId }, { client }) => {
    await client(ApiGatewayV2Client).send(new DeleteStageCommand({ ApiId: apiId, StageName: id }));
  },
});

function stageOf(inputs: Inputs<apigatewayv2.StageArgs>): CreateStageCommandInput {
  const renamed = spelled<Omit<CreateStageCommandInput, "StageName">>(inputs, ["name", "routeSettings"]);
  const routes = (inputs.routeSettings ?? []).map(
    ({ routeKey, ...settings }) => [routeKey, pascal(settings)] as const,
  );
  const routeSettings = routes.length === 0 ? {} : { RouteSettings: Object.fromEntries(routes) };
  return { ...renamed, ...routeSettings, StageName: inputs.name } as CreateStageCommandInput;
}

export const apigatewayv2Types: ResourceTypes = {
  "aws:apigatewayv2/api:Api": api,
  "aws:apigatewayv2/integration:Integration": integration,
  "aws:apigatewayv2/route:Route": route,
  "aws:apigatewayv2/stage:Stage": stage,
};
