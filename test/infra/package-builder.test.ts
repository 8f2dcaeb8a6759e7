import { expect } from "chai";
import { toolRevision } from "../../infra/parts/handler-code";
import { NEWEST_VERSION, type RecordedResource, arnOf, recordProgram } from "./recorded-program";
import { environmentOf, functionMay, named, ofType, resourcesFor } from "./recorded-queries";

const FUNCTION = "aws:lambda/function:Function";
const ALIAS = "aws:lambda/alias:Alias";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

const live = (name: string): string => `${arnOf(FUNCTION, name) ?? ""}:live`;
const topic = arnOf("aws:sns/topic:Topic", "packages-specs");
const bucket = arnOf("aws:s3/bucket:Bucket", "strata-packages") ?? "";
const failures = arnOf("aws:sqs/queue:Queue", "packages-handle-failed");

/** The one statement of a resource's policy with this effect. */
function statement(policy: unknown, effect: string): unknown {
  const { Statement } = JSON.parse(String(policy)) as { readonly Statement: { readonly Effect: string }[] };
  return Statement.find(({ Effect }) => Effect === effect);
}

describe("the package builder", () => {
  let resources: RecordedResource[];
  before(async function () {
    this.timeout(60_000);
    resources = await recordProgram("dev");
  });
  const get = (type: string, name: string) => named(resources, type, name).inputs;
  const services = (name: string) => [
    ...new Set(
      functionMay(resources, name).flatMap(({ actions }) => actions.map((action) => action.split(":")[0])),
    ),
  ];

  it("announces specs that are created or removed, and nothing else, to a topic", () => {
    const notification = get("aws:s3/bucketNotification:BucketNotification", "packages-specs");
    expect(notification).to.deep.equal({
      bucket: "strata-packages",
      topics: [
        {
          topicArn: topic,
          events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
          filterSuffix: "-spec.json",
        },
      ],
    });
  });

  it("lets that bucket publish to the topic, and nobody without TLS", () => {
    const { policy } = get("aws:sns/topicPolicy:TopicPolicy", "packages-specs");
    const publish = { Action: "sns:Publish", Resource: topic };
    expect(statement(policy, "Allow")).to.deep.equal({
      ...publish,
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Condition: {
        ArnLike: { "aws:SourceArn": bucket },
        StringEquals: { "aws:SourceAccount": "123456789012" },
      },
    });
    expect(statement(policy, "Deny")).to.deep.equal({
      ...publish,
      Effect: "Deny",
      Principal: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("wires topic, permission, retries and handler to aliases, never to the newest code", () => {
    expect(get(SUBSCRIPTION, "packages-specs")).to.deep.include({
      topic,
      protocol: "lambda",
      endpoint: live("packages-handle"),
    });
    expect(get("aws:lambda/permission:Permission", "packages-specs")).to.deep.include({
      function: "packages-handle",
      qualifier: "live",
      principal: "sns.amazonaws.com",
      sourceArn: topic,
    });
    expect(
      get("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "packages-handle"),
    ).to.deep.include({
      qualifier: "live",
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destination: failures } },
    });
    expect(environmentOf(resources, "packages-handle")["PACKAGE_BUILDER"]).to.equal(live("packages-build"));
    const invoked = resourcesFor(functionMay(resources, "packages-handle"), "lambda:InvokeFunction");
    expect(invoked).to.deep.equal([live("packages-build")]);
  });

  it("gives all calls to the newest version by itself", () => {
    for (const name of ["packages-handle", "packages-build"]) {
      expect(get(FUNCTION, name)["publish"], name).to.equal(true);
      expect(get(ALIAS, name), name).to.deep.equal({
        name: "live",
        functionName: name,
        functionVersion: NEWEST_VERSION,
      });
    }
  });

  it("splits calls between a stable version and the newest as the stage says", async () => {
    const aliasOf = async (name: string, trial: object) => {
      const settings = { "strata:packageRollout": JSON.stringify({ [name]: trial }) };
      return named(await recordProgram("dev", settings), ALIAS, `packages-${name}`).inputs;
    };
    const shared = { name: "live", functionVersion: "7" };
    expect(await aliasOf("handle", { stableVersion: "7", newestPercent: 10 })).to.deep.include({
      ...shared,
      routingConfig: { additionalVersionWeights: { [NEWEST_VERSION]: 0.1 } },
    });
    expect(await aliasOf("build", { stableVersion: "7", newestPercent: 0 })).to.deep.include({
      ...shared,
      routingConfig: { additionalVersionWeights: {} },
    });
    // Lambda refuses a version that is named twice.
    expect(await aliasOf("build", { stableVersion: NEWEST_VERSION, newestPercent: 10 })).to.deep.include({
      functionVersion: NEWEST_VERSION,
      routingConfig: { additionalVersionWeights: {} },
    });
  });

  it("limits how many specs are handled at one time, unless the stage says 0", async () => {
    expect(get(FUNCTION, "packages-handle")["reservedConcurrentExecutions"]).to.equal(5);
    const free = await recordProgram("dev", { "strata:packageConcurrency": "0" });
    expect(named(free, FUNCTION, "packages-handle").inputs).not.to.have.property(
      "reservedConcurrentExecutions",
    );
  });

  it("keeps what SNS can't deliver and what the handler fails in one queue, which has an alarm", () => {
    const { redrivePolicy } = get(SUBSCRIPTION, "packages-specs");
    expect(JSON.parse(String(redrivePolicy))).to.deep.equal({ deadLetterTargetArn: failures });
    const { policy } = get("aws:sqs/queuePolicy:QueuePolicy", "packages-handle-failed");
    expect(statement(policy, "Allow")).to.deep.include({
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: failures,
      Condition: { ArnEquals: { "aws:SourceArn": topic } },
    });
    expect(
      get("aws:cloudwatch/metricAlarm:MetricAlarm", "packages-handle-failed")["dimensions"],
    ).to.deep.equal({ QueueName: "packages-handle-failed" });
  });

  it("keeps old versions of specs and packages", () => {
    expect(get("aws:s3/bucketVersioning:BucketVersioning", "strata-packages")).to.deep.include({
      bucket: "strata-packages",
      versioningConfiguration: { status: "Enabled" },
    });
  });

  it("gives what runs strangers' code nothing to read, write or call", () => {
    expect(services("packages-build").sort()).to.deep.equal(["logs", "xray"]);
    expect(environmentOf(resources, "packages-build")).to.deep.equal({});
    expect(get(FUNCTION, "packages-build")).not.to.have.property("vpcConfig");
  });

  it("lets the canary into its corner of the bucket, and to the index's users", () => {
    const may = functionMay(resources, "packages-canary");
    for (const action of ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]) {
      expect(resourcesFor(may, action), action).to.deep.equal([`${bucket}/canary/*`]);
    }
    expect(services("packages-canary").sort()).to.deep.equal(["logs", "s3", "secretsmanager", "sqs", "xray"]);
    expect(environmentOf(resources, "packages-canary")).to.deep.equal({
      PACKAGES_BUCKET: "strata-packages",
      INDEX_URL: "https://index.mock/packages",
      INDEX_SECRET: arnOf("aws:secretsmanager/secret:Secret", "packages-users"),
    });
  });

  it("tells the handler when the builder may build other bytes", () => {
    const revision = (files: RegExp) => toolRevision("builder", "packages/build", files);
    const { PACKAGE_BUILDER_REVISION: told } = environmentOf(resources, "packages-handle");
    expect(told).to.equal(revision(/\.py$|^package-requirements\.txt$/));
    // Each of them counts.
    for (const fewer of [/\.py$/, /^package-requirements\.txt$/]) expect(told).not.to.equal(revision(fewer));
    expect(told).not.to.equal(
      toolRevision("builder", "packages/canary", /\.py$|^package-requirements\.txt$/),
    );
  });

  it("serves the index beside the layers', read-only", () => {
    const route = get("aws:apigatewayv2/route:Route", "packages-index");
    expect(route["routeKey"]).to.equal("ANY /packages/{path+}");
    expect(get("aws:apigatewayv2/integration:Integration", "packages-index")["integrationUri"]).to.equal(
      arnOf(FUNCTION, "packages-index"),
    );
    expect(get("aws:lambda/permission:Permission", "packages-index")["sourceArn"]).to.match(
      /:index\/\*\/\*\/packages\/\{path\+\}$/,
    );
    const may = functionMay(resources, "packages-index");
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
    expect(environmentOf(resources, "packages-index")["INDEX_VISIBILITY"]).to.equal("private");
  });

  it("draws the index's first password by lot, and leaves it alone from then on", () => {
    const version = named(resources, "aws:secretsmanager/secretVersion:SecretVersion", "packages-users");
    const users = { pip: { password: "drawn-by-lot", subs: ["*"] } };
    expect(plain(version.inputs["secretString"])).to.equal(JSON.stringify(users));
    expect(version.inputs["secretString"], "as a secret").not.to.be.a("string");
    expect(version.ignoreChanges).to.deep.equal(["secretString"]);
    expect(get("aws:secretsmanager/secret:Secret", "packages-users")["recoveryWindowInDays"]).to.equal(0);
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
      const { inputs } = named(program, "aws:cloudwatch/metricAlarm:MetricAlarm", "packages-canary");
      expect(inputs).to.deep.include({
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: "packages-canary" },
      });
    }
  });
});

/** The value within what Pulumi keeps as a secret. */
function plain(value: unknown): unknown {
  return (value as { readonly value?: unknown }).value;
}
