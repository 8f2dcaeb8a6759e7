import { LambdaClient } from "@aws-sdk/client-lambda";
import type { Context } from "aws-lambda";
import { randomUUID } from "node:crypto";
import { clientDefaults } from "../shared/clients";
import { entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { handleEnvironment } from "../contracts/specs";
import { openLeases } from "../shared/table/lease";
import type { Log } from "../shared/log";
import { bucketIn, tableIn } from "./clients";
import { handleEvent, type Handled } from "./handle/handle";
import { openBuilder } from "./handle/invoke-builder";
import { openPackageRecords } from "./spec-store";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<readonly Handled[]> {
  const settings = readEnvironment(handleEnvironment, environment);
  const table = tableIn(settings.TABLE_NAME);
  const now = () => new Date();
  const ports = {
    bucket: bucketIn(settings.SPECS_BUCKET, environment),
    records: openPackageRecords(table),
    leases: openLeases(table, now),
    build: openBuilder(new LambdaClient(clientDefaults), settings.SPEC_BUILDER),
    builder: settings.SPEC_BUILDER_REVISION,
    log,
    now,
  };
  // Lambda keeps the request's id when it tries an event again.
  return async (event, context) => handleEvent(event, context?.awsRequestId ?? randomUUID(), ports);
}

export const handler = entry("specs-handle", create);
