import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import { clientDefaults } from "../shared/clients";
import { entry } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import { serveHttp, type HttpAnswer } from "../shared/http-entry";
import type { Log } from "../shared/log";
import { bucketIn, tableIn } from "./clients";
import { openUsers } from "./credentials";
import { createIndexApp } from "./index-app";
import { openPackageRecords } from "./records";

const { TABLE_NAME, PACKAGES_BUCKET, INDEX_SECRET, INDEX_VISIBILITY } = variables;
const environmentSchema = z.object({ TABLE_NAME, PACKAGES_BUCKET, INDEX_SECRET, INDEX_VISIBILITY });

/** Builds the handler from TABLE_NAME, PACKAGES_BUCKET, INDEX_SECRET and INDEX_VISIBILITY. */
export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<HttpAnswer> {
  const settings = readEnvironment(environmentSchema, environment);
  const users = openUsers(new SecretsManagerClient(clientDefaults), settings.INDEX_SECRET, () => new Date());
  return serveHttp(
    createIndexApp({
      records: openPackageRecords(tableIn(settings.TABLE_NAME)),
      bucket: bucketIn(settings.PACKAGES_BUCKET, environment),
      ...(settings.INDEX_VISIBILITY === "private" ? { users } : {}),
      log,
    }),
  );
}

export const handler = entry("packages-index", create);
