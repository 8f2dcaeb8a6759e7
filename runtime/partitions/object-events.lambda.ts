import type { Context } from "aws-lambda";
import { randomUUID } from "node:crypto";
import { objectEventsEnvironment } from "../contracts/partitions";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { budgetFor } from "./budget";
import { openSyncPorts } from "./clients";
import { handleObjectEvents, type ObjectEventsAnswer, objectEventsSchema } from "./object-events";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<ObjectEventsAnswer> {
  const settings = readEnvironment(objectEventsEnvironment, environment);
  const ports = openSyncPorts(settings, environment, log);
  return async (event, context) => {
    const owner = context?.awsRequestId ?? randomUUID();
    return handleObjectEvents(readPayload(objectEventsSchema, event), owner, budgetFor(context), ports);
  };
}

export const handler = entry("partitions-object-events", create);
