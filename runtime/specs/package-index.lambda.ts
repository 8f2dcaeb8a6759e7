import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { packageIndexEnvironment } from "../contracts/specs";
import { clientDefaults, s3Defaults } from "../shared/clients";
import { entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { serveHttp, type HttpAnswer } from "../shared/http-entry";
import type { Log } from "../shared/log";
import { openTable } from "../shared/table/open-table";
import { createPackageIndexApp } from "./package-index/app";
import { openIndexUsers } from "./package-index-users";
import { openSpecObjectStore } from "./spec-object-store";
import { openSpecStore } from "./spec-store";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<HttpAnswer> {
  const settings = readEnvironment(packageIndexEnvironment, environment);
  const secrets = new SecretsManagerClient(clientDefaults);
  const users = openIndexUsers(secrets, settings.PACKAGE_INDEX_SECRET, () => new Date());
  return serveHttp(
    createPackageIndexApp({
      store: openSpecStore(openTable(new DynamoDBClient(clientDefaults), settings.TABLE_NAME)),
      objects: openSpecObjectStore(new S3Client(s3Defaults(environment)), settings.SPECS_BUCKET),
      ...(settings.PACKAGE_INDEX_VISIBILITY === "private" ? { users } : {}),
      log,
    }),
  );
}

export const handler = entry("specs-package-index", create);
