import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  type BucketLocationConstraint,
  PutBucketTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type s3 } from "@pulumi/aws";
import { type Context } from "../clients";
import { required, resource, tagList } from "../resource-type";

/** `aws:s3/bucket:Bucket`. Versioning, policy and the like are resources of their own. */
export const bucket = resource<s3.BucketArgs>({
  replaceOn: ["bucket", "bucketPrefix", "objectLockEnabled"],
  takes: ["bucket", "bucketPrefix", "forceDestroy", "objectLockEnabled"],
  naming: { property: "bucket", prefix: "bucketPrefix", limit: 63, lowerCase: true },
  create: async (inputs, context) => {
    const Bucket = required(inputs.bucket, "bucket");
    const LocationConstraint = context.region as BucketLocationConstraint;
    await context.client(S3Client).send(
      new CreateBucketCommand({
        Bucket,
        ObjectLockEnabledForBucket: inputs.objectLockEnabled,
        // us-east-1 is the one region that must not be named.
        ...(context.region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint } }),
      }),
    );
    await tag(Bucket, inputs.tags, context);
    return Bucket;
  },
  describe: async (id, _inputs, { client, partition, region }) => {
    await client(S3Client).send(new HeadBucketCommand({ Bucket: id }));
    return {
      arn: `arn:${partition}:s3:::${id}`,
      bucket: id,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegion: region,
      bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
    };
  },
  update: (id, inputs, _earlier, context) => tag(id, inputs.tags, context),
  delete: async (id, inputs, { client }) => {
    if (inputs.forceDestroy === true) await removeVersions(client(S3Client), id, "");
    await client(S3Client).send(new DeleteBucketCommand({ Bucket: id }));
  },
});

async function tag(
  Bucket: string,
  tags: Readonly<Record<string, string>> | undefined,
  { client }: Context,
): Promise<void> {
  const TagSet = tagList(tags);
  await (TagSet.length === 0
    ? client(S3Client).send(new DeleteBucketTaggingCommand({ Bucket }))
    : client(S3Client).send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })));
}

/** Deletes every version and delete marker below a prefix, or of exactly one key. */
export async function removeVersions(
  client: S3Client,
  Bucket: string,
  Prefix: string,
  key?: string,
): Promise<void> {
  for (;;) {
    // From the start each time: what the last page listed is deleted.
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]
      .filter((version) => key === undefined || version.Key === key)
      .map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const { Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    const [failed] = Errors ?? [];
    if (failed !== undefined)
      throw new Error(`s3://${Bucket}/${failed.Key ?? ""}: ${failed.Message ?? "not deleted"}`);
  }
}
