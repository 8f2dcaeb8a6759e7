import type { Context } from "aws-lambda";
import { adviceRequestSchema, type AdviceAnswer, adviseEnvironment } from "../contracts/partitions";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { adviseTable } from "./advise";
import { budgetFor } from "./budget";
import { now, openSources } from "./clients";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<AdviceAnswer> {
  const settings = readEnvironment(adviseEnvironment, environment);
  const { sources } = openSources(settings.GLUE_CATALOG_ID, environment);
  return async (event, context) =>
    adviseTable(readPayload(adviceRequestSchema, event), budgetFor(context), { sources, log, now });
}

export const handler = entry("partitions-advise", create);
