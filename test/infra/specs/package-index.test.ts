import { expect } from "chai";
import { recordProgram } from "../recorded-program";
import { environmentOf, functionMay, named, ofType, resourcesFor, servicesOf } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";
import { BUCKET, recordSpecBuilder } from "./recorded-specs";

const FUNCTION = "aws:lambda/function:Function";
const SECRET = arnOf("aws:secretsmanager/secret:Secret", "specs-users");

describe("the package index, and the canary that tests it", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await recordSpecBuilder();
  });
  const get = (type: string, name: string) => named(resources, type, name).inputs;

  it("lets the canary use its folder of the bucket, and read the index's users", () => {
    const may = functionMay(resources, "specs-canary");
    for (const action of ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]) {
      expect(resourcesFor(may, action), action).to.deep.equal([`${BUCKET}/canary/*`]);
    }
    expect(resourcesFor(may, "s3:ListBucket")).to.deep.equal([BUCKET]);
    expect(String(get("aws:iam/rolePolicy:RolePolicy", "specs-canary-role")["policy"])).to.include(
      '"Condition":{"StringLike":{"s3:prefix":["canary/*"]}}',
    );
    expect(resourcesFor(may, "secretsmanager:GetSecretValue")).to.deep.equal([SECRET]);
    expect(servicesOf(resources, "specs-canary")).to.deep.equal(["logs", "s3", "secretsmanager", "xray"]);
    expect(environmentOf(resources, "specs-canary")).to.deep.equal({
      SPECS_BUCKET: "specs-bucket",
      PACKAGE_INDEX_URL: "https://api.mock/packages",
      PACKAGE_INDEX_SECRET: SECRET,
    });
  });

  it("serves the index beside the layers', read-only", () => {
    const route = get("aws:apigatewayv2/route:Route", "specs-package-index");
    expect(route["routeKey"]).to.equal("ANY /packages/{path+}");
    expect(get("aws:apigatewayv2/integration:Integration", "specs-package-index")["integrationUri"]).to.equal(
      arnOf(FUNCTION, "specs-package-index"),
    );
    expect(get("aws:lambda/permission:Permission", "specs-package-index")["sourceArn"]).to.match(
      /:api\/\*\/\*\/packages\/\{path\+\}$/,
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
    expect(resourcesFor(may, "s3:GetObject")).to.deep.equal([`${BUCKET}/*`]);
    expect(environmentOf(resources, "specs-package-index")).to.deep.equal({
      TABLE_NAME: "strata-table",
      SPECS_BUCKET: "specs-bucket",
      PACKAGE_INDEX_SECRET: SECRET,
      PACKAGE_INDEX_VISIBILITY: "private",
    });
  });

  it("has AWS make the index's first password, and keeps every later one", () => {
    const version = named(resources, "aws:secretsmanager/secretVersion:SecretVersion", "specs-users");
    const users = { pip: { password: "a-random-password", owners: ["*"] } };
    expect(plain(version.inputs["secretString"])).to.equal(JSON.stringify(users));
    expect(version.inputs["secretString"], "as a secret").not.to.be.a("string");
    expect(version.ignoreChanges).to.deep.equal(["secretString"]);
    expect(get("aws:secretsmanager/secret:Secret", "specs-users")["recoveryWindowInDays"]).to.equal(0);
  });

  it("has an alarm on the canary's errors, and runs it by itself only when it has a schedule", async () => {
    const { inputs } = named(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", "specs-canary");
    expect(inputs).to.deep.include({
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: "specs-canary" },
    });
    expect(ofType(resources, "aws:cloudwatch/eventRule:EventRule")).to.be.empty;
    const scheduled = await recordSpecBuilder({ schedules: true });
    const rules = ofType(scheduled, "aws:cloudwatch/eventRule:EventRule");
    expect(rules.map(({ inputs: rule }) => rule["scheduleExpression"])).to.deep.equal(["rate(1 hour)"]);
  });

  it("neither runs a scheduled canary that failed again, nor keeps its event", async () => {
    const scheduled = await recordSpecBuilder({ schedules: true });
    const type = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
    const { functionName, ...settings } = named(scheduled, type, "specs-canary").inputs;
    expect(functionName).to.equal("specs-canary");
    expect(settings).to.deep.equal({ maximumRetryAttempts: 0 });
  });

  it("runs the canary on a schedule only in stages with schedules", async function () {
    this.timeout(60_000);
    const rulesOf = async (stage: "default" | "dev") =>
      ofType(await recordProgram(stage), "aws:cloudwatch/eventRule:EventRule").filter(({ name }) =>
        name.includes("canary"),
      );
    expect(await rulesOf("default")).to.be.empty;
    expect(await rulesOf("dev")).to.have.lengthOf(1);
  });
});

/** The value within what Pulumi keeps as a secret. */
function plain(value: unknown): unknown {
  return (value as { readonly value?: unknown }).value;
}
