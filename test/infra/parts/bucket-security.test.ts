import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { secureBucket } from "../../../infra/parts/bucket-security";
import { recordComponent } from "../recorded-component";
import { named, placesOf } from "../recorded-queries";
import { type RecordedResource, standIn } from "../recorded-resources";

const ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";

describe("the security of a bucket", () => {
  let ready: number;
  const recordSecured = (more: { tlsOnly: boolean; region?: string }): Promise<RecordedResource[]> =>
    recordComponent(() => {
      const bucket = standIn(() => new aws.s3.Bucket("data"));
      ready = secureBucket("data", { bucket, ...more }, { protect: true }).length;
    });

  it("blocks public access, encrypts, and leaves objects to the bucket's owner", async () => {
    const resources = await recordSecured({ tlsOnly: true });
    expect(named(resources, ACCESS, "data").inputs).to.deep.equal({
      bucket: "data",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(named(resources, ENCRYPTION, "data").inputs).to.deep.equal({
      bucket: "data",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    expect(named(resources, OWNERSHIP, "data").inputs).to.deep.equal({
      bucket: "data",
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  it("refuses every request without TLS, once public policies are blocked", async () => {
    const resources = await recordSecured({ tlsOnly: true });
    const { inputs, dependsOn } = named(resources, POLICY, "data");
    expect(JSON.parse(String(inputs["policy"]))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    expect(dependsOn).to.deep.equal([`${ACCESS} data`]);
    expect(ready).to.equal(4);
  });

  it("has no policy where the endpoint has no TLS", async () => {
    const resources = await recordSecured({ tlsOnly: false });
    expect(placesOf(resources)).to.deep.equal(
      [ACCESS, OWNERSHIP, ENCRYPTION].map((type) => `${type} data in the stack`).sort(),
    );
    expect(ready).to.equal(3);
  });

  it("is in the bucket's region, with the bucket's own options", async () => {
    for (const { inputs, protect, type } of await recordSecured({ tlsOnly: true, region: "eu-west-1" })) {
      expect(inputs, type).to.include({ bucket: "data", region: "eu-west-1" });
      expect(protect, type).to.equal(true);
    }
  });
});
