import type { Context } from "aws-lambda";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { adviseEnvironment } from "../contracts/partitions";
import type { Log } from "../shared/log";
import { budgetFor } from "./budget";
import { adviceSchema, adviseTable, type AdviceAnswer } from "./advise";
import { now, openSources } from "./clients";

export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<AdviceAnswer> {
  const settings = readEnvironment(adviseEnvironment, environment);
  const { sources } = openSources(settings.GLUE_CATALOG_ID, environment);
  return async (event, context) =>
    adviseTable(readPayload(adviceSchema, event), budgetFor(context), { sources, log, now });
}

export const handler = entry("partitions-advise", create);
