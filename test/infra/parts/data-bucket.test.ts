import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { DataBucket, type DataBucketArgs } from "../../../infra/parts/data-bucket";
import { allowedBy, recordComponent, testFunction } from "../recorded-component";
import { named, ofType, placesOf } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";

const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const PERMISSION = "aws:lambda/permission:Permission";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";

const SECURITY = [
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
];

const DEFAULTS: DataBucketArgs = { retain: false, tlsOnly: true };

describe("a data bucket", () => {
  let bucket: DataBucket;
  const recordBucket = (
    args: Partial<DataBucketArgs> = {},
    use: (built: DataBucket) => void = () => undefined,
  ): Promise<RecordedResource[]> =>
    recordComponent(() => {
      bucket = new DataBucket("data", { ...DEFAULTS, ...args });
      use(bucket);
    });

  it("is secured, and owns all that belongs to it", async () => {
    expect(placesOf(await recordBucket())).to.deep.equal([
      "aws:s3/bucket:Bucket data in data",
      `${LIFECYCLE} data in data`,
      ...SECURITY.map((type) => `${type} data in data`),
      "strata:part:DataBucket data in the stack",
    ]);
  });

  it("is protected and kept with its security where data is retained, and else emptied when it is deleted", async () => {
    for (const retain of [true, false]) {
      const resources = await recordBucket({ retain, versioned: true });
      expect(named(resources, "aws:s3/bucket:Bucket", "data").inputs).to.deep.equal({
        forceDestroy: !retain,
      });
      for (const { type, protect, retainOnDelete } of resources.filter(({ parent }) => parent === "data")) {
        expect([protect, retainOnDelete], type).to.deep.equal([retain, retain]);
      }
    }
  });

  it("is in the region it is told, with all that belongs to it", async () => {
    const resources = await recordBucket({ region: "eu-west-1", versioned: true }, (built) => {
      built.put("a.csv", new pulumi.asset.StringAsset("a"));
      built.onObjectCreated("changed", testFunction(), {});
    });
    const regions = resources
      .filter(({ type }) => type.startsWith("aws:s3/"))
      .map(({ inputs }) => inputs["region"]);
    expect(new Set(regions)).to.deep.equal(new Set(["eu-west-1"]));
  });

  it("ends abandoned uploads, and expires the prefixes it is told", async () => {
    const resources = await recordBucket({ expire: [{ prefix: "runs/", days: 30 }] });
    expect(named(resources, LIFECYCLE, "data").inputs["rules"]).to.deep.equal([
      {
        id: "abandoned-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
      { id: "expire-runs", status: "Enabled", filter: { prefix: "runs/" }, expiration: { days: 30 } },
    ]);
    expect(ofType(resources, VERSIONING)).to.be.empty;
  });

  it("keeps old versions for 90 days where it is versioned, and no delete markers without versions", async () => {
    const resources = await recordBucket({ versioned: true });
    expect(named(resources, VERSIONING, "data").inputs).to.deep.equal({
      bucket: "data",
      versioningConfiguration: { status: "Enabled" },
    });
    expect(named(resources, LIFECYCLE, "data").inputs["rules"]).to.deep.equal([
      {
        id: "abandoned-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        noncurrentVersionExpiration: { noncurrentDays: 90 },
        expiration: { expiredObjectDeleteMarker: true },
      },
    ]);
  });

  it("grants one action each, on the objects that are named", async () => {
    await recordBucket();
    const objects = { resources: ["arn:aws:s3:::data/runs/*"] };
    expect(await allowedBy(bucket.read("runs/*"))).to.deep.equal([{ actions: ["s3:GetObject"], ...objects }]);
    expect(await allowedBy(bucket.write("runs/*"))).to.deep.equal([
      { actions: ["s3:PutObject"], ...objects },
    ]);
    expect(await allowedBy(bucket.remove("runs/*"))).to.deep.equal([
      { actions: ["s3:DeleteObject"], ...objects },
    ]);
  });

  it("grants listing of the whole bucket or of some prefixes", async () => {
    await recordBucket();
    const listing = { actions: ["s3:ListBucket"], resources: ["arn:aws:s3:::data"] };
    expect(await allowedBy(bucket.listAll())).to.deep.equal([listing]);
    expect(await allowedBy(bucket.list("runs/*", "staging/*"))).to.deep.equal([
      { ...listing, condition: { StringLike: { "s3:prefix": ["runs/*", "staging/*"] } } },
    ]);
  });

  it("puts objects of the program after the bucket is secured, and after what else they wait for", async () => {
    const resources = await recordBucket({}, (built) => {
      const first = built.put("catalog/packages.csv", new pulumi.asset.StringAsset("a"));
      const config = new pulumi.asset.StringAsset("{}");
      built.put("catalog/config.json", config, { sourceHash: "abc", dependsOn: [first] });
    });
    const first = named(resources, OBJECT, "data/catalog/packages.csv");
    expect(first.inputs).to.include({ bucket: "data", key: "catalog/packages.csv" });
    expect(first.inputs).not.to.have.property("sourceHash");
    expect([...first.dependsOn].sort()).to.deep.equal(SECURITY.map((type) => `${type} data`));
    expect(first.protect).to.equal(false);
    const config = named(resources, OBJECT, "data/catalog/config.json");
    expect(config.inputs["sourceHash"]).to.equal("abc");
    expect(config.dependsOn).to.include(`${OBJECT} data/catalog/packages.csv`);
  });

  it("calls a function for new objects, once it may, and keeps the events that the function fails on", async () => {
    const resources = await recordBucket({}, (built) => {
      built.onObjectCreated("changed", testFunction(), { prefix: "catalog/", suffix: ".json" });
    });
    expect(named(resources, PERMISSION, "changed").inputs).to.deep.equal({
      action: "lambda:InvokeFunction",
      function: "handler",
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::data",
      sourceAccount: "123456789012",
    });
    const { inputs, parent, dependsOn } = named(resources, NOTIFICATION, "changed");
    expect(inputs).to.deep.equal({
      bucket: "data",
      lambdaFunctions: [
        {
          lambdaFunctionArn: arnOf("aws:lambda/function:Function", "handler"),
          events: ["s3:ObjectCreated:*"],
          filterPrefix: "catalog/",
          filterSuffix: ".json",
        },
      ],
    });
    expect(parent).to.equal("data");
    expect(dependsOn).to.deep.equal([`${PERMISSION} changed`]);
    named(resources, "aws:sqs/queue:Queue", "handler-failed");
  });

  it("announces created and removed objects on a topic that it may publish to", async () => {
    const resources = await recordBucket({}, (built) =>
      built.announceChanges("changed", { suffix: ".json" }),
    );
    const topicArn = arnOf("aws:sns/topic:Topic", "changed");
    const { inputs, dependsOn } = named(resources, NOTIFICATION, "changed");
    expect(inputs).to.deep.equal({
      bucket: "data",
      topics: [{ topicArn, events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"], filterSuffix: ".json" }],
    });
    expect(dependsOn).to.deep.equal(["aws:sns/topicPolicy:TopicPolicy changed"]);
    expect(named(resources, "strata:part:Topic", "changed").parent).to.equal("data");
    const { policy } = named(resources, "aws:sns/topicPolicy:TopicPolicy", "changed").inputs;
    expect(policy)
      .to.include('"Service":"s3.amazonaws.com"')
      .and.include('"aws:SourceArn":"arn:aws:s3:::data"')
      .and.include('"aws:SourceAccount":"123456789012"')
      .and.include('"Deny"');
  });

  it("has at most one subscription", async () => {
    await recordBucket({}, (built) => {
      built.announceChanges("changed", {});
      expect(() => built.onObjectCreated("other", testFunction(), {})).to.throw(
        "bucket data already has its notification configuration",
      );
    });
  });
});
