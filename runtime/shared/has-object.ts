import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";

/**
 * Whether there is an object with exactly this key. It lists objects instead of reading the object: to a role that may list
 * only a prefix, S3 answers "forbidden" instead of "not found".
 */
export async function hasObject(client: S3Client, bucket: string, key: string): Promise<boolean> {
  // Keys are listed in order. So if the key exists, it is the first of all keys that start with it.
  const { Contents = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }),
  );
  return Contents[0]?.Key === key;
}
