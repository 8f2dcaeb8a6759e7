import { type SummaryAnswer, summarizeEnvironment, summaryRequestSchema } from "../contracts/partitions";
import { entry, readPayload } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import type { Log } from "../shared/log";
import { now, ownTable } from "./clients";
import { measureRun } from "./metrics";
import { summarizeRun, type SummaryPorts } from "./summarize";
import { openPartitionStore } from "./table/partition-store";

export function create(environment: NodeJS.ProcessEnv, log: Log): (event: unknown) => Promise<SummaryAnswer> {
  const settings = readEnvironment(summarizeEnvironment, environment);
  const ports: SummaryPorts = {
    store: openPartitionStore(ownTable(settings.TABLE_NAME), now),
    measure: (summary) => {
      measureRun(settings.STAGE, summary);
    },
    ...{ log, now },
  };
  return async (event) =>
    summarizeRun(readPayload(summaryRequestSchema, event), settings.FRESHNESS_HOURS, ports);
}

export const handler = entry("partitions-summarize", create);
