import { expect } from "chai";
import { HttpApi } from "../../../infra/parts/http-api";
import { TEST_DEFAULTS, recordComponent, testFunction, valueOf } from "../recorded-component";
import { named, placesOf } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";

const API = "aws:apigatewayv2/api:Api";
const INTEGRATION = "aws:apigatewayv2/integration:Integration";
const ROUTE = "aws:apigatewayv2/route:Route";
const STAGE = "aws:apigatewayv2/stage:Stage";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";
const PERMISSION = "aws:lambda/permission:Permission";
const FUNCTION = "aws:lambda/function:Function";

describe("an HTTP API", () => {
  let api: HttpApi;
  let resources: RecordedResource[];
  before(async () => {
    resources = await recordComponent(() => {
      api = new HttpApi("index", { ...TEST_DEFAULTS, handler: testFunction("all") });
      api.onRequest("packages", "ANY", "/packages/{path+}", testFunction("some"));
    });
  });

  it("owns its routes, its stage and its log, and leaves permissions to the functions", () => {
    expect(placesOf(resources)).to.deep.equal([
      `${API} index in index`,
      `${INTEGRATION} index in index`,
      `${INTEGRATION} packages in index`,
      `${ROUTE} index in index`,
      `${ROUTE} packages in index`,
      `${STAGE} index in index`,
      `${LOGS} index-access in index`,
      `${PERMISSION} index in all`,
      `${PERMISSION} packages in some`,
      "strata:part:HttpApi index in the stack",
    ]);
  });

  it("lets any origin read", () => {
    expect(named(resources, API, "index").inputs).to.deep.equal({
      protocolType: "HTTP",
      corsConfiguration: {
        allowOrigins: ["*"],
        allowMethods: ["GET", "HEAD"],
        allowHeaders: ["*"],
        maxAge: 86400,
      },
    });
  });

  for (const [name, called, routeKey, requests] of [
    ["index", "all", "$default", "/*"],
    ["packages", "some", "ANY /packages/{path+}", "/*/*/packages/{path+}"],
  ] as const) {
    it(`has ${routeKey} answered by its function, which only those requests may invoke`, () => {
      expect(named(resources, PERMISSION, name).inputs).to.deep.equal({
        action: "lambda:InvokeFunction",
        function: called,
        principal: "apigateway.amazonaws.com",
        sourceArn: `arn:aws:execute-api:us-east-1:123456789012:index${requests}`,
      });
      const integration = named(resources, INTEGRATION, name);
      expect(integration.inputs).to.deep.equal({
        apiId: "index-id",
        integrationType: "AWS_PROXY",
        integrationUri: arnOf(FUNCTION, called),
        payloadFormatVersion: "2.0",
      });
      expect(integration.dependsOn).to.deep.equal([`${PERMISSION} ${name}`]);
      expect(named(resources, ROUTE, name).inputs).to.deep.equal({
        apiId: "index-id",
        routeKey,
        target: `integrations/${name}-id`,
      });
    });
  }

  it("limits requests and logs each, once it has its route", () => {
    expect(named(resources, LOGS, "index-access").inputs).to.deep.equal({
      namePrefix: "/aws/vendedlogs/apis/index-",
      retentionInDays: 14,
    });
    const { inputs, dependsOn } = named(resources, STAGE, "index");
    const { accessLogSettings, ...settings } = inputs;
    expect(settings).to.deep.equal({
      apiId: "index-id",
      name: "$default",
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: 100, throttlingBurstLimit: 200 },
    });
    expect(accessLogSettings).to.have.property("destinationArn", arnOf(LOGS, "index-access"));
    expect(accessLogSettings)
      .to.have.property("format")
      .that.includes('"requestId":"$context.requestId"')
      .and.includes('"status":"$context.status"');
    expect(dependsOn).to.deep.equal([`${ROUTE} index`]);
  });

  it("has an address without a slash at its end", async () => {
    expect(await valueOf(api.url)).to.equal("https://index.mock");
  });
});
