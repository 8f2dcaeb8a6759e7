import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { s3Defaults } from "../shared/clients";
import { entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { surveyEnvironment } from "../contracts/partitions";
import type { Log } from "../shared/log";
import { upstream } from "../shared/upstream";
import { openCatalog } from "./glue/catalog";
import { glueClient, now, serviceIn } from "./clients";
import type { SurveyAnswer, SyncResult } from "../contracts/partitions";
import { measureResult } from "./metrics";
import { openRecords } from "./table/partition-store";
import { readSurvey, surveyTables } from "./survey";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<SurveyAnswer> {
  const settings = readEnvironment(surveyEnvironment, environment);
  const bucket = settings.ARTIFACTS_BUCKET;
  const s3 = new S3Client(s3Defaults(environment));
  const ports = {
    catalog: openCatalog(glueClient(), settings.GLUE_CATALOG_ID),
    bucket,
    writeJson: (key: string, value: unknown) =>
      upstream(`writing s3://${bucket}/${key}`, async () => {
        const object = { Body: JSON.stringify(value), ContentType: "application/json" };
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...object }));
      }),
    records: openRecords(serviceIn(settings.TABLE_NAME), now),
    measure: (result: SyncResult) => {
      measureResult(settings.STAGE, result);
    },
    log,
  };
  return async (event) => surveyTables(readSurvey(event), settings.DATABASES, ports);
}

export const handler = entry("partitions-survey", create);
