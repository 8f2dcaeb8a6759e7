import { expect } from "chai";
import { recordProgram } from "../recorded-program";
import { type RecordedResource, arnOf } from "../recorded-resources";
import { environmentOf, functionMay, named, ofType, resourcesFor, servicesOf } from "../recorded-queries";

const FUNCTION = "aws:lambda/function:Function";

const bucket = arnOf("aws:s3/bucket:Bucket", "strata-specs") ?? "";

describe("the index of packages, and the canary that tries it", () => {
  let resources: RecordedResource[];
  before(async function () {
    this.timeout(60_000);
    resources = await recordProgram("dev");
  });
  const get = (type: string, name: string) => named(resources, type, name).inputs;

  it("lets the canary into its corner of the bucket, and to the index's users", () => {
    const may = functionMay(resources, "specs-canary");
    for (const action of ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]) {
      expect(resourcesFor(may, action), action).to.deep.equal([`${bucket}/canary/*`]);
    }
    expect(servicesOf(resources, "specs-canary")).to.deep.equal(["logs", "s3", "secretsmanager", "xray"]);
    expect(environmentOf(resources, "specs-canary")).to.deep.equal({
      SPECS_BUCKET: "strata-specs",
      PACKAGE_INDEX_URL: "https://index.mock/packages",
      PACKAGE_INDEX_SECRET: arnOf("aws:secretsmanager/secret:Secret", "specs-users"),
    });
  });

  it("serves the index beside the layers', read-only", () => {
    const route = get("aws:apigatewayv2/route:Route", "specs-package-index");
    expect(route["routeKey"]).to.equal("ANY /packages/{path+}");
    expect(get("aws:apigatewayv2/integration:Integration", "specs-package-index")["integrationUri"]).to.equal(
      arnOf(FUNCTION, "specs-package-index"),
    );
    expect(get("aws:lambda/permission:Permission", "specs-package-index")["sourceArn"]).to.match(
      /:index\/\*\/\*\/packages\/\{path\+\}$/,
    );
    const may = functionMay(resources, "specs-package-index");
    const actions = may
      .flatMap((allowed) => allowed.actions)
      .filter((action) => !/^(logs|xray):/.test(action));
    expect(actions.sort()).to.deep.equal([
      "dynamodb:BatchGetItem",
      "dynamodb:GetItem",
      "dynamodb:Query",
      "s3:GetObject",
      "secretsmanager:GetSecretValue",
    ]);
    expect(environmentOf(resources, "specs-package-index")["PACKAGE_INDEX_VISIBILITY"]).to.equal("private");
  });

  it("draws the index's first password by lot, and leaves it alone from then on", () => {
    const version = named(resources, "aws:secretsmanager/secretVersion:SecretVersion", "specs-users");
    const users = { pip: { password: "drawn-by-lot", owners: ["*"] } };
    expect(plain(version.inputs["secretString"])).to.equal(JSON.stringify(users));
    expect(version.inputs["secretString"], "as a secret").not.to.be.a("string");
    expect(version.ignoreChanges).to.deep.equal(["secretString"]);
    expect(get("aws:secretsmanager/secret:Secret", "specs-users")["recoveryWindowInDays"]).to.equal(0);
  });

  it("neither flies a canary that failed again, nor keeps it", () => {
    const { functionName, ...settings } = get(
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      "specs-canary",
    );
    expect(functionName).to.equal("specs-canary");
    expect(settings).to.deep.equal({ maximumRetryAttempts: 0 });
  });

  it("runs the canary by the clock where the stage does, and has an alarm on its errors everywhere", async () => {
    const quiet = await recordProgram("default");
    const rules = (program: readonly RecordedResource[]) =>
      ofType(program, "aws:cloudwatch/eventRule:EventRule").filter(({ name }) => name.includes("canary"));
    expect(rules(quiet)).to.be.empty;
    expect(rules(resources).map(({ inputs }) => inputs["scheduleExpression"])).to.deep.equal([
      "rate(1 hour)",
    ]);
    for (const program of [quiet, resources]) {
      const { inputs } = named(program, "aws:cloudwatch/metricAlarm:MetricAlarm", "specs-canary");
      expect(inputs).to.deep.include({
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: "specs-canary" },
      });
    }
  });
});

/** The value within what Pulumi keeps as a secret. */
function plain(value: unknown): unknown {
  return (value as { readonly value?: unknown }).value;
}
