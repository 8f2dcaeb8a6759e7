import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface SecuredBucket {
  readonly bucket: aws.s3.Bucket;
  /** Refuse requests without TLS. */
  readonly tlsOnly: boolean;
  /** @default the stage's home region */
  readonly region?: string;
}

/**
 * Blocks public access to a bucket, encrypts it, and switches off access lists of single objects.
 *
 * @returns what must exist before anything is put into the bucket.
 */
export function secureBucket(
  name: string,
  { bucket, tlsOnly, ...placed }: SecuredBucket,
  own: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const common = { bucket: bucket.bucket, ...placed };
  const access = new aws.s3.BucketPublicAccessBlock(
    name,
    {
      ...common,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    own,
  );
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    name,
    { ...common, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    own,
  );
  const ownership = new aws.s3.BucketOwnershipControls(
    name,
    { ...common, rule: { objectOwnership: "BucketOwnerEnforced" } },
    own,
  );
  if (!tlsOnly) return [access, encryption, ownership];
  const policy = new aws.s3.BucketPolicy(
    name,
    { ...common, policy: tlsOnlyPolicy(bucket.arn) },
    { ...own, dependsOn: [access] },
  );
  return [access, encryption, ownership, policy];
}

function tlsOnlyPolicy(bucketArn: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
