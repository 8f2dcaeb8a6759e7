import type { Context } from "aws-lambda";
import { z } from "zod";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import type { Log } from "../shared/log";
import { budgetFor } from "./budget";
import { openWriter } from "./clients";
import type { SyncAnswer } from "../contracts/partitions";
import { syncSchema, syncTable } from "./sync";

const { TABLE_NAME, STAGE, GLUE_CATALOG_ID, LOOK_BACK_DAYS, LOOK_AHEAD_DAYS } = variables;
const environmentSchema = z.object({ TABLE_NAME, STAGE, GLUE_CATALOG_ID, LOOK_BACK_DAYS, LOOK_AHEAD_DAYS });

/** Builds the handler from TABLE_NAME, STAGE, GLUE_CATALOG_ID, LOOK_BACK_DAYS and LOOK_AHEAD_DAYS. */
export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<SyncAnswer> {
  const settings = readEnvironment(environmentSchema, environment);
  const defaults = { lookBackDays: settings.LOOK_BACK_DAYS, lookAheadDays: settings.LOOK_AHEAD_DAYS };
  const ports = openWriter(settings, environment, log);
  return async (event, context) =>
    syncTable(readPayload(syncSchema, event), defaults, budgetFor(context), ports);
}

export const handler = entry("partitions-sync", create);
