import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type SurveyAnswer, surveyEnvironment } from "../contracts/partitions";
import { s3Defaults } from "../shared/clients";
import { entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { upstream } from "../shared/upstream";
import { glueClient, now, ownTable } from "./clients";
import { openDataCatalog } from "./glue/data-catalog";
import { measureResult } from "./metrics";
import { readSurvey, type SurveyPorts, surveyTables } from "./survey";
import { openPartitionStore } from "./table/partition-store";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<SurveyAnswer> {
  const settings = readEnvironment(surveyEnvironment, environment);
  const bucket = settings.ARTIFACTS_BUCKET;
  const s3 = new S3Client(s3Defaults(environment));
  const ports: SurveyPorts = {
    catalog: openDataCatalog(glueClient(), settings.GLUE_CATALOG_ID),
    bucket,
    writeJson: (key, value) =>
      upstream(`writing s3://${bucket}/${key}`, async () => {
        const object = { Body: JSON.stringify(value), ContentType: "application/json" };
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...object }));
      }),
    store: openPartitionStore(ownTable(settings.TABLE_NAME), now),
    measure: (result) => {
      measureResult(settings.STAGE, result);
    },
    log,
  };
  return async (event) => surveyTables(readSurvey(event), settings.DATABASES, ports);
}

export const handler = entry("partitions-survey", create);
