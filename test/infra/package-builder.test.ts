import { expect } from "chai";
import { toolRevision } from "../../infra/parts/handler-code";
import { NEWEST_VERSION, type RecordedResource, arnOf, recordProgram } from "./recorded-program";
import { environmentOf, functionMay, named, resourcesFor, servicesOf } from "./recorded-queries";

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

  it("keeps old versions of specs and packages for a while, and nothing of them for ever", () => {
    expect(get("aws:s3/bucketVersioning:BucketVersioning", "strata-packages")).to.deep.include({
      bucket: "strata-packages",
      versioningConfiguration: { status: "Enabled" },
    });
    const lifecycle = get(
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "strata-packages",
    );
    expect((lifecycle["rules"] as readonly unknown[])[0]).to.deep.include({
      status: "Enabled",
      noncurrentVersionExpiration: { noncurrentDays: 90 },
      expiration: { expiredObjectDeleteMarker: true },
    });
  });

  it("lets the handler list the whole bucket, so that S3 tells it what is gone from what is closed", () => {
    const { policy } = get("aws:iam/rolePolicy:RolePolicy", "packages-handle-role");
    const { Statement } = JSON.parse(String(policy)) as {
      readonly Statement: readonly { Action: unknown }[];
    };
    const listing = Statement.find(({ Action }) => JSON.stringify(Action).includes("s3:ListBucket"));
    expect(listing).to.have.property("Resource").that.deep.equals([bucket]);
    expect(listing).not.to.have.property("Condition");
  });

  it("gives what runs strangers' code nothing to read, write or call", () => {
    expect(servicesOf(resources, "packages-build")).to.deep.equal(["logs", "xray"]);
    expect(environmentOf(resources, "packages-build")).to.deep.equal({});
    expect(get(FUNCTION, "packages-build")).not.to.have.property("vpcConfig");
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

  it("tells the handler of another revision while a builder is tried, since either may have built a package", async () => {
    const settings = { "strata:packageRollout": '{"build":{"stableVersion":"7","newestPercent":10}}' };
    const { PACKAGE_BUILDER_REVISION: tried } = environmentOf(
      await recordProgram("dev", settings),
      "packages-handle",
    );
    const { PACKAGE_BUILDER_REVISION: released } = environmentOf(resources, "packages-handle");
    expect(tried).to.equal(`${released ?? ""} beside 7`);
  });
});
