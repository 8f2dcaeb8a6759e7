import { z } from "zod";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment, variables } from "../shared/environment";
import type { Log } from "../shared/log";
import { now, serviceIn } from "./clients";
import type { SummaryAnswer } from "../contracts/partitions";
import { measureRun } from "./metrics";
import { openRecords } from "./table/partition-store";
import { summarizeRun, summarySchema } from "./summarize";

const { TABLE_NAME, STAGE, FRESHNESS_HOURS } = variables;
const environmentSchema = z.object({ TABLE_NAME, STAGE, FRESHNESS_HOURS });

/** Builds the handler from TABLE_NAME, STAGE and FRESHNESS_HOURS. */
export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<SummaryAnswer> {
  const settings = readEnvironment(environmentSchema, environment);
  const ports = {
    records: openRecords(serviceIn(settings.TABLE_NAME), now),
    measure: (summary: SummaryAnswer) => {
      measureRun(settings.STAGE, summary);
    },
    ...{ log, now },
  };
  return async (event) => summarizeRun(readPayload(summarySchema, event), settings.FRESHNESS_HOURS, ports);
}

export const handler = entry("partitions-summarize", create);
