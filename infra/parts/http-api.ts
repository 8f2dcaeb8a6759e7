import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionDefaults, LambdaFunction } from "./lambda-function";

export interface HttpApiArgs extends FunctionDefaults {
  /** Answers every request. */
  readonly handler: LambdaFunction;
}

/** Requests a second, and in a burst, before API Gateway answers 429. */
const THROTTLE = { rate: 100, burst: 200 } as const;

/** A public HTTP API whose every route is answered by one function; any origin may read. */
export class HttpApi extends pulumi.ComponentResource {
  /** Base address without a trailing slash. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: HttpApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:HttpApi", name, {}, opts);
    const own = { parent: this };
    const api = new aws.apigatewayv2.Api(
      name,
      {
        protocolType: "HTTP",
        corsConfiguration: {
          allowOrigins: ["*"],
          allowMethods: ["GET", "HEAD"],
          allowHeaders: ["*"],
          maxAge: 86400,
        },
      },
      own,
    );
    const permission = args.handler.allow(name, {
      principal: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${api.executionArn}/*`,
    });
    const integration = new aws.apigatewayv2.Integration(
      name,
      {
        apiId: api.id,
        integrationType: "AWS_PROXY",
        integrationUri: args.handler.arn,
        payloadFormatVersion: "2.0",
      },
      { parent: this, dependsOn: [permission] },
    );
    const route = new aws.apigatewayv2.Route(
      name,
      { apiId: api.id, routeKey: "$default", target: pulumi.interpolate`integrations/${integration.id}` },
      own,
    );
    const stage = this.stage(name, args, api, route);
    this.url = stage.invokeUrl.apply((url) => url.replace(/\/+$/, ""));
    this.registerOutputs({ url: this.url });
  }

  private stage(
    name: string,
    args: HttpApiArgs,
    api: aws.apigatewayv2.Api,
    route: aws.apigatewayv2.Route,
  ): aws.apigatewayv2.Stage {
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-access`,
      // Log groups under this prefix share one resource policy, which is limited in size.
      { namePrefix: `/aws/vendedlogs/apis/${name}-`, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    return new aws.apigatewayv2.Stage(
      name,
      {
        apiId: api.id,
        name: "$default",
        autoDeploy: true,
        defaultRouteSettings: {
          throttlingRateLimit: THROTTLE.rate,
          throttlingBurstLimit: THROTTLE.burst,
        },
        accessLogSettings: {
          destinationArn: logs.arn,
          format: JSON.stringify({
            requestId: "$context.requestId",
            method: "$context.httpMethod",
            path: "$context.path",
            status: "$context.status",
            milliseconds: "$context.responseLatency",
          }),
        },
      },
      { parent: this, dependsOn: [route] },
    );
  }
}
