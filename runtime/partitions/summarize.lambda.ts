import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { summarizeEnvironment } from "../contracts/partitions";
import type { Log } from "../shared/log";
import { now, serviceIn } from "./clients";
import type { SummaryAnswer } from "../contracts/partitions";
import { measureRun } from "./metrics";
import { openRecords } from "./table/partition-store";
import { summarizeRun, summarySchema } from "./summarize";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<SummaryAnswer> {
  const settings = readEnvironment(summarizeEnvironment, environment);
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
