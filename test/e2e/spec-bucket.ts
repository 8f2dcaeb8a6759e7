import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteBucketPolicyCommand, PutBucketPolicyCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { ROOT, type TestPlatform } from "./running-platform";

/** The spec that `start` uploads. */
export const EXAMPLE_SPEC = readFileSync(join(ROOT, "examples", "pets-spec.json"), "utf8");

/** Keys in the bucket of specs. */
export async function keysUnder(platform: TestPlatform, prefix: string): Promise<string[]> {
  const connection = platform.connection();
  const request = { Bucket: connection.outputs.specs.bucket, Prefix: prefix };
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: connection.s3() }, request)) {
    keys.push(...Contents.map(({ Key = "" }) => Key));
  }
  return keys.sort();
}

/** Makes the bucket of specs refuse all uploads to keys that fit a pattern. */
export async function refuseUploads(platform: TestPlatform, keys: string): Promise<void> {
  const connection = platform.connection();
  const { bucket: Bucket } = connection.outputs.specs;
  const Resource = `arn:aws:s3:::${Bucket}/${keys}`;
  const Statement = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [Statement] });
  await connection.s3().send(new PutBucketPolicyCommand({ Bucket, Policy }));
}

/** Makes the bucket accept uploads again. */
export async function acceptUploads(platform: TestPlatform): Promise<void> {
  const connection = platform.connection();
  const { bucket: Bucket } = connection.outputs.specs;
  await connection.s3().send(new DeleteBucketPolicyCommand({ Bucket }));
}
