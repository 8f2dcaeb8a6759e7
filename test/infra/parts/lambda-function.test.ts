import { expect } from "chai";
import { trustOf } from "../../../infra/parts/grant";
import {
  type FunctionPackage,
  type FunctionSettings,
  LambdaFunction,
} from "../../../infra/parts/lambda-function";
import { TEST_DEFAULTS, allowedBy, recordComponent, valueOf } from "../recorded-component";
import {
  allowedTo,
  environmentOf,
  functionMay,
  named,
  ofType,
  placesOf,
  servicesOf,
} from "../recorded-queries";
import { NEWEST_VERSION, type RecordedResource, arnOf } from "../recorded-resources";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const ALIAS = "aws:lambda/alias:Alias";
const FUNCTION = "aws:lambda/function:Function";
const INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";
const PERMISSION = "aws:lambda/permission:Permission";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const QUEUE = "aws:sqs/queue:Queue";
const ROLE = "aws:iam/role:Role";

const IMAGE: FunctionPackage = { kind: "image", imageUri: "mock/image", architecture: "arm64" };
const INVOKER = { principal: "sns.amazonaws.com", sourceArn: "arn:aws:sns:us-east-1:123456789012:changed" };

class TestFunction extends LambdaFunction {}

describe("a Lambda function", () => {
  let built: LambdaFunction;
  const recordFunction = (
    settings: Partial<FunctionSettings> = {},
    use: (lambda: LambdaFunction) => void = () => undefined,
  ): Promise<RecordedResource[]> =>
    recordComponent(() => {
      built = new TestFunction("strata:part:TestFunction", "load", { ...TEST_DEFAULTS, ...settings }, IMAGE);
      use(built);
    });

  it("has a role, a log group and tracing of its own", async () => {
    const resources = await recordFunction();
    expect(placesOf(resources)).to.deep.equal([
      `${LOGS} load in load`,
      `${ROLE} load-role in load-role`,
      `${POLICY} load-role in load-role`,
      `${FUNCTION} load in load`,
      "strata:part:ServiceRole load-role in load",
      "strata:part:TestFunction load in the stack",
    ]);
    expect(named(resources, LOGS, "load").inputs).to.deep.equal({
      namePrefix: "/aws/lambda/load-",
      retentionInDays: 14,
    });
    const { inputs, dependsOn } = named(resources, FUNCTION, "load");
    expect(inputs).to.deep.equal({
      role: arnOf(ROLE, "load-role"),
      packageType: "Image",
      imageUri: "mock/image",
      architectures: ["arm64"],
      timeout: 60,
      memorySize: 256,
      ephemeralStorage: { size: 512 },
      loggingConfig: { logFormat: "JSON", logGroup: "load" },
      tracingConfig: { mode: "Active" },
    });
    expect(dependsOn).to.deep.equal([`${ROLE} load-role`, `${POLICY} load-role`]);
    expect(named(resources, ROLE, "load-role").inputs["assumeRolePolicy"]).to.equal(
      trustOf("lambda.amazonaws.com"),
    );
    expect(await valueOf(built.arn)).to.equal(arnOf(FUNCTION, "load"));
    expect(await valueOf(built.functionName)).to.equal("load");
    expect(await valueOf(built.logGroupName)).to.equal("load");
  });

  it("may write its own log and traces, and else what it is granted", async () => {
    const own = [
      {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [`${arnOf(LOGS, "load") ?? ""}:*`],
      },
      { actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] },
    ];
    expect(functionMay(await recordFunction(), "load")).to.deep.equal(own);
    const read = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::data/*"] };
    const granted = await recordFunction({ can: [read] });
    expect(functionMay(granted, "load")).to.deep.equal([...own, read]);
    expect(servicesOf(granted, "load")).to.deep.equal(["logs", "s3", "xray"]);
  });

  it("takes its settings", async () => {
    const resources = await recordFunction({
      environment: { TABLE_NAME: "data" },
      timeoutSeconds: 900,
      memoryMegabytes: 1769,
      temporaryMegabytes: 4096,
      concurrency: 5,
    });
    expect(environmentOf(resources, "load")).to.deep.equal({ TABLE_NAME: "data" });
    expect(named(resources, FUNCTION, "load").inputs).to.deep.include({
      timeout: 900,
      memorySize: 1769,
      ephemeralStorage: { size: 4096 },
      reservedConcurrentExecutions: 5,
    });
  });

  it("is invoked by callers with the grant, and by sources with a permission", async () => {
    const resources = await recordFunction({}, (lambda) => {
      lambda.allow("changed", INVOKER);
      lambda.allow("objects", { ...INVOKER, sourceAccount: "123456789012" });
    });
    expect(await allowedBy(built.invoke())).to.deep.equal([
      { actions: ["lambda:InvokeFunction"], resources: [arnOf(FUNCTION, "load")] },
    ]);
    const permission = { action: "lambda:InvokeFunction", function: "load", ...INVOKER };
    const { inputs, parent } = named(resources, PERMISSION, "changed");
    expect(inputs).to.deep.equal(permission);
    expect(parent).to.equal("load");
    expect(named(resources, PERMISSION, "objects").inputs).to.deep.equal({
      ...permission,
      sourceAccount: "123456789012",
    });
  });

  it("keeps events that still fail after two retries, in one queue for all sources", async () => {
    const resources = await recordFunction({}, (lambda) => {
      expect(lambda.keepFailedEvents()).to.equal(lambda.keepFailedEvents());
    });
    const failures = arnOf(QUEUE, "load-failed");
    expect(named(resources, "strata:part:DeadLetterQueue", "load-failed").parent).to.equal("load");
    expect(named(resources, ALARM, "load-failed").inputs["alarmActions"]).to.deep.equal([
      TEST_DEFAULTS.notify,
    ]);
    const { inputs, dependsOn } = named(resources, INVOKE_CONFIG, "load");
    expect(inputs).to.deep.equal({
      functionName: "load",
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destination: failures } },
    });
    expect(allowedTo(resources, arnOf(ROLE, "load-role"))).to.deep.include({
      actions: ["sqs:SendMessage"],
      resources: [failures],
    });
    expect(dependsOn).to.deep.equal([`${POLICY} load-failed`]);
  });

  it("drops events that fail where it is told to", async () => {
    const resources = await recordFunction({}, (lambda) => {
      lambda.dropFailedEvents();
    });
    expect(named(resources, INVOKE_CONFIG, "load").inputs).to.deep.equal({
      functionName: "load",
      maximumRetryAttempts: 0,
    });
    expect(ofType(resources, QUEUE)).to.be.empty;
  });

  describe("that is released", () => {
    const live = `${arnOf(FUNCTION, "load") ?? ""}:live`;

    it("publishes versions, and is reached through its alias alone", async () => {
      const resources = await recordFunction({ released: true }, (lambda) => {
        lambda.allow("changed", INVOKER);
        lambda.keepFailedEvents();
      });
      expect(named(resources, FUNCTION, "load").inputs["publish"]).to.equal(true);
      const alias = named(resources, ALIAS, "load");
      expect(alias.parent).to.equal("load");
      expect(alias.inputs).to.deep.equal({
        name: "live",
        functionName: "load",
        functionVersion: NEWEST_VERSION,
      });
      expect(await valueOf(built.arn)).to.equal(live);
      expect(await allowedBy(built.invoke())).to.deep.equal([
        { actions: ["lambda:InvokeFunction"], resources: [live] },
      ]);
      for (const [type, name] of [
        [PERMISSION, "changed"],
        [INVOKE_CONFIG, "load"],
      ] as const) {
        expect(named(resources, type, name).inputs["qualifier"], type).to.equal("live");
      }
    });

    it("splits calls between the stable version and the newest", async () => {
      const aliasOf = async (stableVersion: string, newestPercent: number) => {
        const rollout = { stableVersion, newestPercent };
        return named(await recordFunction({ released: true, rollout }), ALIAS, "load").inputs;
      };
      const weights = (of: Record<string, number>) => ({ routingConfig: { additionalVersionWeights: of } });
      expect(await aliasOf("7", 10)).to.deep.include({
        functionVersion: "7",
        ...weights({ [NEWEST_VERSION]: 0.1 }),
      });
      expect(await aliasOf("7", 0)).to.deep.include({ functionVersion: "7", ...weights({}) });
      // Lambda refuses a version that is named twice.
      expect(await aliasOf(NEWEST_VERSION, 10)).to.deep.include({
        functionVersion: NEWEST_VERSION,
        ...weights({}),
      });
    });
  });
});
