import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceDefaults, LambdaFunction } from "./lambda-function";

/** Requests a second, and in a burst; above that API Gateway answers 429. */
const THROTTLE = { rate: 100, burst: 200 } as const;

/** API Gateway's key of the route for all other requests. */
const DEFAULT = "$default";

/** A public HTTP API. Functions answer its requests. Any origin may read. */
export class HttpApi extends pulumi.ComponentResource {
  /** Base address without a trailing slash. */
  readonly url: pulumi.Output<string>;
  private readonly api: aws.apigatewayv2.Api;
  private answersOthers = false;

  constructor(name: string, args: ServiceDefaults, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:HttpApi", name, {}, opts);
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
      { parent: this },
    );
    this.api = api;
    const stage = this.stage(name, args, api);
    this.url = stage.invokeUrl.apply((url) => url.replace(/\/+$/, ""));
    this.registerOutputs({ url: this.url });
  }

  /** Has a function of its own answer requests such as `ANY /packages/{path+}`. */
  onRequest(name: string, method: string, path: `/${string}`, handler: LambdaFunction): void {
    this.route(name, `${method} ${path}`, `/*/*${path}`, handler);
  }

  /**
   * Has a function answer every request that has no route of its own.
   *
   * @throws Error on the second call.
   */
  onOtherRequests(name: string, handler: LambdaFunction): void {
    if (this.answersOthers) throw new Error(`${name}: another function answers the other requests already`);
    this.answersOthers = true;
    this.route(name, DEFAULT, "/*", handler);
  }

  /** @param requests which requests may invoke the function: `/<stage>/<method><path>`, with `*` for anything. */
  private route(name: string, routeKey: string, requests: string, handler: LambdaFunction): void {
    const permission = handler.allow(name, {
      principal: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${this.api.executionArn}${requests}`,
    });
    const integration = new aws.apigatewayv2.Integration(
      name,
      {
        apiId: this.api.id,
        integrationType: "AWS_PROXY",
        integrationUri: handler.arn,
        payloadFormatVersion: "2.0",
      },
      { parent: this, dependsOn: [permission] },
    );
    new aws.apigatewayv2.Route(
      name,
      { apiId: this.api.id, routeKey, target: pulumi.interpolate`integrations/${integration.id}` },
      { parent: this },
    );
  }

  private stage(name: string, args: ServiceDefaults, api: aws.apigatewayv2.Api): aws.apigatewayv2.Stage {
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
      { parent: this },
    );
  }
}
