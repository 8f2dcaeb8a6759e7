import { expect } from "chai";
import { toolRevision } from "../../../infra/parts/handler-code";
import { recordProgram } from "../recorded-program";
import { NEWEST_VERSION, type RecordedResource, arnOf } from "../recorded-resources";
import { environmentOf, functionMay, named, resourcesFor, servicesOf } from "../recorded-queries";

const FUNCTION = "aws:lambda/function:Function";
const ALIAS = "aws:lambda/alias:Alias";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

const live = (name: string): string => `${arnOf(FUNCTION, name) ?? ""}:live`;
const topic = arnOf("aws:sns/topic:Topic", "specs-changed");
const bucket = arnOf("aws:s3/bucket:Bucket", "strata-specs") ?? "";
const failures = arnOf("aws:sqs/queue:Queue", "specs-handle-failed");

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
    const notification = get("aws:s3/bucketNotification:BucketNotification", "specs-changed");
    expect(notification).to.deep.equal({
      bucket: "strata-specs",
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
      destinationConfig: { onFailure: { destination: failures } },
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

  it("splits calls between a stable version and the newest as the stage says", async () => {
    const aliasOf = async (name: string, rollout: object) => {
      const settings = { "strata:specRollout": JSON.stringify({ [name]: rollout }) };
      return named(await recordProgram("dev", settings), ALIAS, `specs-${name}`).inputs;
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
    expect(get(FUNCTION, "specs-handle")["reservedConcurrentExecutions"]).to.equal(5);
    const free = await recordProgram("dev", { "strata:specConcurrency": "0" });
    expect(named(free, FUNCTION, "specs-handle").inputs).not.to.have.property("reservedConcurrentExecutions");
  });

  it("keeps what SNS can't deliver and what the handler fails in one queue, which has an alarm", () => {
    const { redrivePolicy } = get(SUBSCRIPTION, "specs-changed");
    expect(JSON.parse(String(redrivePolicy))).to.deep.equal({ deadLetterTargetArn: failures });
    const { policy } = get("aws:sqs/queuePolicy:QueuePolicy", "specs-handle-failed");
    expect(statement(policy, "Allow")).to.deep.include({
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: failures,
      Condition: { ArnEquals: { "aws:SourceArn": topic } },
    });
    expect(get("aws:cloudwatch/metricAlarm:MetricAlarm", "specs-handle-failed")["dimensions"]).to.deep.equal({
      QueueName: "specs-handle-failed",
    });
  });

  it("keeps old versions of specs and packages for a while, and nothing of them for ever", () => {
    expect(get("aws:s3/bucketVersioning:BucketVersioning", "strata-specs")).to.deep.include({
      bucket: "strata-specs",
      versioningConfiguration: { status: "Enabled" },
    });
    const lifecycle = get("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "strata-specs");
    expect((lifecycle["rules"] as readonly unknown[])[0]).to.deep.include({
      status: "Enabled",
      noncurrentVersionExpiration: { noncurrentDays: 90 },
      expiration: { expiredObjectDeleteMarker: true },
    });
  });

  it("lets the handler list the whole bucket, so that S3 tells it what is gone from what is closed", () => {
    const { policy } = get("aws:iam/rolePolicy:RolePolicy", "specs-handle-role");
    const { Statement } = JSON.parse(String(policy)) as {
      readonly Statement: readonly { Action: unknown }[];
    };
    const listing = Statement.find(({ Action }) => JSON.stringify(Action).includes("s3:ListBucket"));
    expect(listing).to.have.property("Resource").that.deep.equals([bucket]);
    expect(listing).not.to.have.property("Condition");
  });

  it("gives what runs strangers' code nothing to read, write or call", () => {
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
    const settings = { "strata:specRollout": '{"build":{"stableVersion":"7","newestPercent":10}}' };
    const { SPEC_BUILDER_REVISION: tried } = environmentOf(
      await recordProgram("dev", settings),
      "specs-handle",
    );
    const { SPEC_BUILDER_REVISION: released } = environmentOf(resources, "specs-handle");
    expect(tried).to.equal(`${released ?? ""} beside 7`);
  });
});
