import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";

/**
 * Whether there is an object of exactly that key. It lists instead of asking for the object, since S3 answers
 * "forbidden", not "not found", to whoever may list only under a prefix.
 */
export async function hasObject(client: S3Client, bucket: string, key: string): Promise<boolean> {
  // Keys are listed in order, so if the key itself is there, it is the first that starts with it.
  const { Contents = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }),
  );
  return Contents[0]?.Key === key;
}
