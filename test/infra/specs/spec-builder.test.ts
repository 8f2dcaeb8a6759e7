import { expect } from "chai";
import { toolRevision } from "../../../infra/parts/handler-code";
import { recordProgram } from "../recorded-program";
import { environmentOf, functionMay, named, resourcesFor, servicesOf } from "../recorded-queries";
import { NEWEST_VERSION, type RecordedResource, arnOf } from "../recorded-resources";
import { BUCKET, recordSpecBuilder } from "./recorded-specs";

const FUNCTION = "aws:lambda/function:Function";
const ALIAS = "aws:lambda/alias:Alias";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

const live = (name: string): string => `${arnOf(FUNCTION, name) ?? ""}:live`;
const topic = arnOf("aws:sns/topic:Topic", "specs-changed");
const deadLetters = arnOf("aws:sqs/queue:Queue", "specs-handle-failed");

/** The one statement of a resource's policy with this effect. */
function statement(policy: unknown, effect: string): unknown {
  const { Statement } = JSON.parse(String(policy)) as { readonly Statement: { readonly Effect: string }[] };
  return Statement.find(({ Effect }) => Effect === effect);
}

describe("the spec builder", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await recordSpecBuilder();
  });
  const get = (type: string, name: string) => named(resources, type, name).inputs;

  it("is made of a bucket, four functions, a topic, a queue, a secret and an alarm, which all belong to it", () => {
    const children = resources.filter(({ parent }) => parent === "specs");
    expect(children.map(({ type, name }) => `${type} ${name}`).sort()).to.deep.equal([
      "strata:part:Alarm specs-canary",
      "strata:part:DataBucket specs-bucket",
      "strata:part:NodeFunction specs-handle",
      "strata:part:NodeFunction specs-package-index",
      "strata:part:Secret specs-users",
      "strata:part:ToolFunction specs-build",
      "strata:part:ToolFunction specs-canary",
    ]);
    expect(named(resources, "strata:part:Topic", "specs-changed").parent).to.equal("specs-bucket");
    expect(named(resources, "strata:part:DeadLetterQueue", "specs-handle-failed").parent).to.equal(
      "specs-handle",
    );
  });

  it("announces specs that are created or removed, and nothing else, to a topic", () => {
    const notification = get("aws:s3/bucketNotification:BucketNotification", "specs-changed");
    expect(notification).to.deep.equal({
      bucket: "specs-bucket",
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
    const { policy } = get("aws:sns/topicPolicy:TopicPolicy", "specs-changed");
    const publish = { Action: "sns:Publish", Resource: topic };
    expect(statement(policy, "Allow")).to.deep.equal({
      ...publish,
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Condition: {
        ArnLike: { "aws:SourceArn": BUCKET },
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
    expect(get(SUBSCRIPTION, "specs-changed")).to.deep.include({
      topic,
      protocol: "lambda",
      endpoint: live("specs-handle"),
    });
    expect(get("aws:lambda/permission:Permission", "specs-changed")).to.deep.include({
      function: "specs-handle",
      qualifier: "live",
      principal: "sns.amazonaws.com",
      sourceArn: topic,
    });
    expect(
      get("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "specs-handle"),
    ).to.deep.include({
      qualifier: "live",
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destination: deadLetters } },
    });
    expect(environmentOf(resources, "specs-handle")["SPEC_BUILDER"]).to.equal(live("specs-build"));
    const invoked = resourcesFor(functionMay(resources, "specs-handle"), "lambda:InvokeFunction");
    expect(invoked).to.deep.equal([live("specs-build")]);
  });

  it("gives all calls to the newest version by itself", () => {
    for (const name of ["specs-handle", "specs-build"]) {
      expect(get(FUNCTION, name)["publish"], name).to.equal(true);
      expect(get(ALIAS, name), name).to.deep.equal({
        name: "live",
        functionName: name,
        functionVersion: NEWEST_VERSION,
      });
    }
  });

  it("splits calls between a stable version and the newest during a rollout", async () => {
    const aliasOf = async (which: "handle" | "build", stableVersion: string, newestPercent: number) => {
      const specRollout = { [which]: { stableVersion, newestPercent } };
      return named(await recordSpecBuilder({ specRollout }), ALIAS, `specs-${which}`).inputs;
    };
    expect(await aliasOf("handle", "7", 10)).to.deep.include({
      name: "live",
      functionVersion: "7",
      routingConfig: { additionalVersionWeights: { [NEWEST_VERSION]: 0.1 } },
    });
    expect(await aliasOf("build", "7", 0)).to.deep.include({
      name: "live",
      functionVersion: "7",
      routingConfig: { additionalVersionWeights: {} },
    });
    // Lambda refuses an alias that names one version twice.
    expect(await aliasOf("build", NEWEST_VERSION, 10)).to.deep.include({
      functionVersion: NEWEST_VERSION,
      routingConfig: { additionalVersionWeights: {} },
    });
  });

  it("limits how many specs are handled at the same time, unless it is told 0", async () => {
    expect(get(FUNCTION, "specs-handle")["reservedConcurrentExecutions"]).to.equal(5);
    const free = await recordSpecBuilder({ specConcurrency: 0 });
    expect(named(free, FUNCTION, "specs-handle").inputs).not.to.have.property("reservedConcurrentExecutions");
  });

  it("keeps what SNS can't deliver and what the handler fails in one queue, which has an alarm", () => {
    const { redrivePolicy } = get(SUBSCRIPTION, "specs-changed");
    expect(JSON.parse(String(redrivePolicy))).to.deep.equal({ deadLetterTargetArn: deadLetters });
    const { policy } = get("aws:sqs/queuePolicy:QueuePolicy", "specs-handle-failed");
    expect(statement(policy, "Allow")).to.deep.include({
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: deadLetters,
      Condition: { ArnEquals: { "aws:SourceArn": topic } },
    });
    expect(get("aws:cloudwatch/metricAlarm:MetricAlarm", "specs-handle-failed")["dimensions"]).to.deep.equal({
      QueueName: "specs-handle-failed",
    });
  });

  it("keeps old versions of specs and packages for a while, and nothing of them for ever", () => {
    expect(get("aws:s3/bucketVersioning:BucketVersioning", "specs-bucket")).to.deep.include({
      bucket: "specs-bucket",
      versioningConfiguration: { status: "Enabled" },
    });
    const lifecycle = get("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "specs-bucket");
    expect((lifecycle["rules"] as readonly unknown[])[0]).to.deep.include({
      status: "Enabled",
      noncurrentVersionExpiration: { noncurrentDays: 90 },
      expiration: { expiredObjectDeleteMarker: true },
    });
  });

  it("keeps bucket and secret where the stage keeps its data", async () => {
    const isKept = (all: readonly RecordedResource[]) =>
      [
        named(all, "aws:s3/bucket:Bucket", "specs-bucket"),
        named(all, "aws:secretsmanager/secret:Secret", "specs-users"),
      ].map(({ protect, retainOnDelete }) => protect && retainOnDelete);
    expect(isKept(resources)).to.deep.equal([false, false]);
    expect(isKept(await recordSpecBuilder({}, { retainData: true }))).to.deep.equal([true, true]);
  });

  it("lets the handler use the table, the bucket and the builder, and nothing else", () => {
    const may = functionMay(resources, "specs-handle");
    for (const action of ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]) {
      expect(resourcesFor(may, action), action).to.deep.equal([`${BUCKET}/*`]);
    }
    const table = arnOf("aws:dynamodb/table:Table", "strata-table");
    for (const action of ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"]) {
      expect(resourcesFor(may, action), action).to.include(table);
    }
    expect(servicesOf(resources, "specs-handle")).to.deep.equal([
      "dynamodb",
      "lambda",
      "logs",
      "s3",
      "sqs",
      "xray",
    ]);
    expect(environmentOf(resources, "specs-handle")).to.include({
      TABLE_NAME: "strata-table",
      SPECS_BUCKET: "specs-bucket",
    });
  });

  it("lets the handler list the whole bucket: else S3 answers 403 for an object that is gone", () => {
    const { policy } = get("aws:iam/rolePolicy:RolePolicy", "specs-handle-role");
    const { Statement } = JSON.parse(String(policy)) as {
      readonly Statement: readonly { Action: unknown }[];
    };
    const listing = Statement.find(({ Action }) => JSON.stringify(Action).includes("s3:ListBucket"));
    expect(listing).to.have.property("Resource").that.deep.equals([BUCKET]);
    expect(listing).not.to.have.property("Condition");
  });

  it("gives the function that runs strangers' code nothing to read, write or call", () => {
    expect(servicesOf(resources, "specs-build")).to.deep.equal(["logs", "xray"]);
    expect(environmentOf(resources, "specs-build")).to.deep.equal({});
    expect(get(FUNCTION, "specs-build")).not.to.have.property("vpcConfig");
  });

  it("tells the handler when the builder may build other bytes", () => {
    const revision = (files: RegExp) => toolRevision("builder", "specs/build", files);
    const { SPEC_BUILDER_REVISION: told } = environmentOf(resources, "specs-handle");
    expect(told).to.equal(revision(/\.py$|^spec-requirements\.txt$/));
    // Each of them counts.
    for (const fewer of [/\.py$/, /^spec-requirements\.txt$/]) expect(told).not.to.equal(revision(fewer));
    expect(told).not.to.equal(toolRevision("builder", "specs/canary", /\.py$|^spec-requirements\.txt$/));
  });

  it("tells the handler of another revision during a rollout of the builder, since either may have built a package", async () => {
    const during = await recordSpecBuilder({
      specRollout: { build: { stableVersion: "7", newestPercent: 10 } },
    });
    const { SPEC_BUILDER_REVISION: told } = environmentOf(during, "specs-handle");
    const { SPEC_BUILDER_REVISION: released } = environmentOf(resources, "specs-handle");
    expect(told).to.equal(`${released ?? ""} beside 7`);
  });
});

describe("the spec builder of a stage", () => {
  it("follows the stage's settings", async function () {
    this.timeout(60_000);
    const program = await recordProgram("dev", {
      "strata:specRollout": '{"build":{"stableVersion":"7","newestPercent":10}}',
      "strata:specConcurrency": "3",
      "strata:specCanarySchedule": "rate(2 hours)",
      "strata:packageIndexVisibility": "public",
    });
    const get = (type: string, name: string) => named(program, type, name).inputs;
    expect(get(ALIAS, "specs-build")["functionVersion"]).to.equal("7");
    expect(get(ALIAS, "specs-handle")["functionVersion"]).to.equal(NEWEST_VERSION);
    expect(get(FUNCTION, "specs-handle")["reservedConcurrentExecutions"]).to.equal(3);
    const rule = get("aws:cloudwatch/eventRule:EventRule", "specs-canary-schedule");
    expect(rule["scheduleExpression"]).to.equal("rate(2 hours)");
    expect(environmentOf(program, "specs-package-index")["PACKAGE_INDEX_VISIBILITY"]).to.equal("public");
  });
});
