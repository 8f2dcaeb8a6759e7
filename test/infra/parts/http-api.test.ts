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
      api = new HttpApi("api", TEST_DEFAULTS);
      api.onOtherRequests("others", testFunction("all"));
      api.onRequest("packages", "ANY", "/packages/{path+}", testFunction("some"));
    });
  });

  it("owns its routes, its stage and its log, and leaves permissions to the functions", () => {
    expect(placesOf(resources)).to.deep.equal([
      `${API} api in api`,
      `${INTEGRATION} others in api`,
      `${INTEGRATION} packages in api`,
      `${ROUTE} others in api`,
      `${ROUTE} packages in api`,
      `${STAGE} api in api`,
      `${LOGS} api-access in api`,
      `${PERMISSION} others in all`,
      `${PERMISSION} packages in some`,
      "strata:part:HttpApi api in the stack",
    ]);
  });

  it("lets any origin read", () => {
    expect(named(resources, API, "api").inputs).to.deep.equal({
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
    ["others", "all", "$default", "/*"],
    ["packages", "some", "ANY /packages/{path+}", "/*/*/packages/{path+}"],
  ] as const) {
    it(`has ${routeKey} answered by its function, which only those requests may invoke`, () => {
      expect(named(resources, PERMISSION, name).inputs).to.deep.equal({
        action: "lambda:InvokeFunction",
        function: called,
        principal: "apigateway.amazonaws.com",
        sourceArn: `arn:aws:execute-api:us-east-1:123456789012:api${requests}`,
      });
      const integration = named(resources, INTEGRATION, name);
      expect(integration.inputs).to.deep.equal({
        apiId: "api-id",
        integrationType: "AWS_PROXY",
        integrationUri: arnOf(FUNCTION, called),
        payloadFormatVersion: "2.0",
      });
      expect(integration.dependsOn).to.deep.equal([`${PERMISSION} ${name}`]);
      expect(named(resources, ROUTE, name).inputs).to.deep.equal({
        apiId: "api-id",
        routeKey,
        target: `integrations/${name}-id`,
      });
    });
  }

  it("limits requests and logs each", () => {
    expect(named(resources, LOGS, "api-access").inputs).to.deep.equal({
      namePrefix: "/aws/vendedlogs/apis/api-",
      retentionInDays: 14,
    });
    const { inputs } = named(resources, STAGE, "api");
    const { accessLogSettings, ...settings } = inputs;
    expect(settings).to.deep.equal({
      apiId: "api-id",
      name: "$default",
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: 100, throttlingBurstLimit: 200 },
    });
    expect(accessLogSettings).to.have.property("destinationArn", arnOf(LOGS, "api-access"));
    expect(accessLogSettings)
      .to.have.property("format")
      .that.includes('"requestId":"$context.requestId"')
      .and.includes('"status":"$context.status"');
  });

  it("has only one function for the other requests", async () => {
    const second = recordComponent(() => {
      const other = new HttpApi("api", TEST_DEFAULTS);
      other.onOtherRequests("one", testFunction("one"));
      other.onOtherRequests("two", testFunction("two"));
    });
    expect(await second.catch((error: Error) => error.message)).to.include("two: another function answers");
  });

  it("has an address without a slash at its end", async () => {
    expect(await valueOf(api.url)).to.equal("https://api.mock");
  });
});
