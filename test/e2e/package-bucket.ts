import { readFileSync } from "node:fs";
import { join } from "node:path";
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { ROOT, type TestPlatform } from "./running-platform";

/** The spec that `start` uploads. */
export const EXAMPLE_SPEC = readFileSync(join(ROOT, "examples", "pets-spec.json"), "utf8");

/** Keys in the bucket of packages. */
export async function keysUnder(platform: TestPlatform, prefix: string): Promise<string[]> {
  const connection = platform.connection();
  const request = { Bucket: connection.outputs.packagesBucket, Prefix: prefix };
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: connection.s3() }, request)) {
    keys.push(...Contents.map(({ Key = "" }) => Key));
  }
  return keys.sort();
}
