import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientDefaults } from "../shared/clients";
import { entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { packageIndexEnvironment } from "../contracts/specs";
import { serveHttp, type HttpAnswer } from "../shared/http-entry";
import type { Log } from "../shared/log";
import { bucketIn, tableIn } from "./clients";
import { openUsers } from "./package-index/credentials";
import { createIndexApp } from "./package-index/index-app";
import { openPackageRecords } from "./spec-store";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<HttpAnswer> {
  const settings = readEnvironment(packageIndexEnvironment, environment);
  const users = openUsers(
    new SecretsManagerClient(clientDefaults),
    settings.PACKAGE_INDEX_SECRET,
    () => new Date(),
  );
  return serveHttp(
    createIndexApp({
      records: openPackageRecords(tableIn(settings.TABLE_NAME)),
      bucket: bucketIn(settings.SPECS_BUCKET, environment),
      ...(settings.PACKAGE_INDEX_VISIBILITY === "private" ? { users } : {}),
      log,
    }),
  );
}

export const handler = entry("specs-package-index", create);
