import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { loadEnvironment } from "../contracts/catalog";
import { openBus } from "../shared/bus";
import { clientDefaults, s3Defaults } from "../shared/clients";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { hasObject } from "../shared/has-object";
import { openTable } from "../shared/table/open-table";
import { openCatalogStore } from "./catalog-store";
import { loadCatalog, type LoadAnswer } from "./load";

/** An S3 notification. S3 also sends an `s3:TestEvent` when the notification is set up; it has no Records. */
const eventSchema = z.object({
  Records: z
    .array(
      z.object({
        s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
      }),
    )
    .default([]),
});

/** The objects that an S3 notification names, each once. S3 encodes keys for URLs, with `+` for a space. */
export function notifiedObjects(
  event: unknown,
): readonly { readonly bucket: string; readonly key: string }[] {
  const objects = readPayload(eventSchema, event).Records.map(({ s3 }) => ({
    bucket: s3.bucket.name,
    key: decodeURIComponent(s3.object.key.replaceAll("+", " ")),
  }));
  return [...new Map(objects.map((object) => [`${object.bucket}/${object.key}`, object])).values()];
}

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown) => Promise<readonly LoadAnswer[]> {
  const settings = readEnvironment(loadEnvironment, environment);
  const s3 = new S3Client(s3Defaults(environment));
  const table = openTable(new DynamoDBClient(clientDefaults), settings.TABLE_NAME);
  const ports = {
    readText: (bucket: string, key: string) => readText(s3, bucket, key),
    store: openCatalogStore(table),
    emit: openBus(new EventBridgeClient(clientDefaults), settings.BUS_NAME),
    log,
    now: () => new Date(),
  };
  const scope = { pythons: settings.PYTHONS, regions: settings.REGIONS };
  return async (event) => {
    const answers: LoadAnswer[] = [];
    for (const object of notifiedObjects(event)) answers.push(await loadCatalog(object, scope, ports));
    return answers;
  };
}

async function readText(s3: S3Client, bucket: string, key: string): Promise<string | undefined> {
  if (!(await hasObject(s3, bucket, key))) return undefined;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Body?.transformToString();
}

export const handler = entry("catalog-load", create);
