import type { Context } from "aws-lambda";
import { type SyncAnswer, syncEnvironment, syncRequestSchema } from "../contracts/partitions";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { budgetFor } from "./budget";
import { openSyncPorts } from "./clients";
import { syncTable } from "./sync";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<SyncAnswer> {
  const settings = readEnvironment(syncEnvironment, environment);
  const defaults = { lookBackDays: settings.LOOK_BACK_DAYS, lookAheadDays: settings.LOOK_AHEAD_DAYS };
  const ports = openSyncPorts(settings, environment, log);
  return async (event, context) =>
    syncTable(readPayload(syncRequestSchema, event), defaults, budgetFor(context), ports);
}

export const handler = entry("partitions-sync", create);
