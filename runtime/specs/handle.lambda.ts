import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { randomUUID } from "node:crypto";
import { handleEnvironment } from "../contracts/specs";
import { clientDefaults, s3Defaults } from "../shared/clients";
import { entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { openLeases } from "../shared/table/lease";
import { openTable } from "../shared/table/open-table";
import { handleEvent, type Handled } from "./handle/handle";
import { openBuilder } from "./handle/invoke-builder";
import { openSpecObjectStore } from "./spec-object-store";
import { openSpecStore } from "./spec-store";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<readonly Handled[]> {
  const settings = readEnvironment(handleEnvironment, environment);
  const table = openTable(new DynamoDBClient(clientDefaults), settings.TABLE_NAME);
  const now = () => new Date();
  const ports = {
    objects: openSpecObjectStore(new S3Client(s3Defaults(environment)), settings.SPECS_BUCKET),
    store: openSpecStore(table),
    leases: openLeases(table, now),
    build: openBuilder(new LambdaClient(clientDefaults), settings.SPEC_BUILDER),
    builder: settings.SPEC_BUILDER_REVISION,
    log,
    now,
  };
  // Lambda keeps the id of a request when it tries an event again.
  return async (event, context) => handleEvent(event, context?.awsRequestId ?? randomUUID(), ports);
}

export const handler = entry("specs-handle", create);
