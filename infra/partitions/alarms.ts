import type * as pulumi from "@pulumi/pulumi";
import { METRICS } from "../../runtime/contracts/partitions";
import { Alarm, type AlarmArgs } from "../parts/alarm";

interface PartitionAlarmsArgs {
  /** ARN of the topic that the alarms go to. */
  readonly notify: pulumi.Input<string>;
  /** The stage's name, which is a dimension of the metrics. */
  readonly stage: string;
  /** ARN of the state machine. */
  readonly machine: pulumi.Input<string>;
}

/** If every hourly run fails, an alarm with a period of an hour is raised once, not every hour. */
const PERIOD_SECONDS = 3600;

/** The metrics that the functions publish, with what their alarms say. */
const METRIC_ALARMS = [
  {
    name: "failures",
    metric: METRICS.failedPartitions,
    statistic: "Sum",
    description: "Partitions could not be created, updated or deleted.",
  },
  {
    name: "failed-tables",
    metric: METRICS.failedTables,
    statistic: "Maximum",
    description: "Tables could not be synced at all.",
  },
  {
    name: "stale",
    metric: METRICS.staleTables,
    statistic: "Maximum",
    description: "The newest partition of a table is older than it should be.",
  },
] as const;

/** Adds the alarms of the partition manager. Their names start with `name`. */
export function addAlarms(
  name: string,
  { notify, stage, machine }: PartitionAlarmsArgs,
  parent: pulumi.Resource,
): void {
  const add = (which: string, alarm: Omit<AlarmArgs, "notify" | "periodSeconds">): void => {
    new Alarm(`${name}-${which}`, { notify, periodSeconds: PERIOD_SECONDS, ...alarm }, { parent });
  };
  add("failed-runs", {
    description:
      "A run of the partition manager failed before it looked at any table. The execution says why; so does " +
      "./strata partitions sync --dry-run.",
    metric: "AWS/States ExecutionsFailed",
    dimensions: { StateMachineArn: machine },
    statistic: "Sum",
  });
  for (const { name: which, metric, statistic, description } of METRIC_ALARMS) {
    add(which, {
      description: `${description} ./strata partitions status shows which tables and why.`,
      metric: `${METRICS.namespace} ${metric}`,
      dimensions: { service: METRICS.service, stage },
      statistic,
    });
  }
}
