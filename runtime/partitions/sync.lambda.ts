import type { Context } from "aws-lambda";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { syncEnvironment } from "../contracts/partitions";
import type { Log } from "../shared/log";
import { budgetFor } from "./budget";
import { openWriter } from "./clients";
import type { SyncAnswer } from "../contracts/partitions";
import { syncSchema, syncTable } from "./sync";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<SyncAnswer> {
  const settings = readEnvironment(syncEnvironment, environment);
  const defaults = { lookBackDays: settings.LOOK_BACK_DAYS, lookAheadDays: settings.LOOK_AHEAD_DAYS };
  const ports = openWriter(settings, environment, log);
  return async (event, context) =>
    syncTable(readPayload(syncSchema, event), defaults, budgetFor(context), ports);
}

export const handler = entry("partitions-sync", create);
