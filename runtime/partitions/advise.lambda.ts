import type { Context } from "aws-lambda";
import { z } from "zod";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import type { Log } from "../shared/log";
import { budgetFor } from "./budget";
import { adviceSchema, adviseTable, type AdviceAnswer } from "./advise";
import { now, openSources } from "./clients";

const { GLUE_CATALOG_ID } = variables;
const environmentSchema = z.object({ GLUE_CATALOG_ID });

/** Builds the handler from GLUE_CATALOG_ID. */
export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown, context?: Context) => Promise<AdviceAnswer> {
  const settings = readEnvironment(environmentSchema, environment);
  const { sources } = openSources(settings.GLUE_CATALOG_ID, environment);
  return async (event, context) =>
    adviseTable(readPayload(adviceSchema, event), budgetFor(context), { sources, log, now });
}

export const handler = entry("partitions-advise", create);
