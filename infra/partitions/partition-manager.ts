import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation";
import { SCHEDULED } from "../../runtime/contracts/partitions";
import { partitionDefinition } from "./definition";
import { Alarm } from "../parts/alarm";
import { ruleSends } from "../parts/event-bus";
import { EventQueue } from "../parts/event-queue";
import { type Grant, mergeGrants } from "../parts/grant";
import { Lake, type LakeArgs } from "./lake";
import type { ServiceDefaults, FunctionSettings, LambdaFunction } from "../parts/lambda-function";
import { NodeFunction } from "../parts/node-function";
import { Schedule, type ScheduleExpression } from "../parts/schedule";
import { StateMachine } from "../parts/state-machine";
import { SYNC_MEMORY_MEGABYTES, SYNC_NODE_OPTIONS } from "./sync-memory";

export interface PartitionManagerArgs extends LakeArgs {
  /** The stage's name; its metrics go by it. */
  readonly stage: string;
  readonly foundation: Foundation;
  readonly functions: ServiceDefaults;
  /** Databases left alone although `databases` names them. */
  readonly excludedDatabases: readonly string[];
  /** Tables at one time. */
  readonly concurrency: number;
  /** Days around today that partitions keyed by time are looked for. */
  readonly lookBackDays: number;
  readonly lookAheadDays: number;
  /** Hours after which a table's newest partition is stale. */
  readonly freshnessHours: number;
  /** Whether new objects make partitions at once; the buckets must send their events to EventBridge. */
  readonly followsEvents: boolean;
  /** When everything is looked over; absent where schedules are off. */
  readonly schedule?: ScheduleExpression;
}

/** Lambda allows 15 minutes at most. */
const SYNC_SECONDS = 900;
const OBJECT_EVENTS_SECONDS = 60;
/** Advice goes by every partition of a table, and somebody waits for it. */
const ADVICE_SECONDS = 300;
/** EventBridge's events are about 1 kB, and a batch holds 6 MB. A function that runs twelve times a minute costs next to nothing. */
const EVENT_BATCH = { batchSize: 1000, windowSeconds: 5, concurrency: 2 } as const;
/** As long as there are failures in every hourly run, an alarm of a whole hour is raised once. */
const ALARM_SECONDS = 3600;

/** Keeps the partitions of the raw databases as their buckets have them. */
export class PartitionManager extends pulumi.ComponentResource {
  readonly machine: StateMachine;
  /** Name of the function that tells a table what would serve it better. */
  readonly advisor: pulumi.Output<string>;
  /** URL of the queue of new objects; empty where events aren't followed. */
  readonly queue: pulumi.Output<string>;
  private readonly lake: Lake;

  constructor(
    private readonly partName: string,
    private readonly args: PartitionManagerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("strata:service:PartitionManager", partName, {}, opts);
    this.lake = new Lake(args, this);
    this.machine = this.run();
    this.queue = args.followsEvents ? this.follow().url : pulumi.output("");
    this.advisor = this.node("advise", {
      can: [this.lake.describe(), ...this.lake.list()],
      environment: { GLUE_CATALOG_ID: args.catalogId },
      timeoutSeconds: ADVICE_SECONDS,
      memoryMegabytes: SYNC_MEMORY_MEGABYTES,
    }).functionName;
    this.alarms();
    this.registerOutputs({ machine: this.machine.arn });
  }

  private run(): StateMachine {
    const { artifacts } = this.args.foundation;
    const steps = this.steps();
    const machine = new StateMachine(
      `${this.partName}-sync-tables`,
      {
        ...this.args.functions,
        definition: partitionDefinition(
          { survey: steps.survey.arn, sync: steps.sync.arn, summarize: steps.summarize.arn },
          this.args.concurrency,
        ),
        can: [
          ...mergeGrants(Object.values(steps).map((step) => step.invoke())),
          artifacts.read("runs/partitions/*"),
        ],
        distributed: true,
      },
      { parent: this },
    );
    if (this.args.schedule !== undefined) {
      new Schedule(
        `${this.partName}-schedule`,
        { when: this.args.schedule, runs: machine, input: { reason: SCHEDULED } },
        { parent: this },
      );
    }
    return machine;
  }

  private steps(): Record<"survey" | "sync" | "summarize", LambdaFunction> {
    const { table, artifacts } = this.args.foundation;
    const { databases, excludedDatabases, catalogId, freshnessHours } = this.args;
    return {
      survey: this.node("survey", {
        can: [...this.ledger(), artifacts.write("runs/partitions/*"), ...this.lake.survey()],
        environment: {
          ...this.named(),
          ARTIFACTS_BUCKET: artifacts.name,
          DATABASES: JSON.stringify({ include: databases, exclude: excludedDatabases }),
          GLUE_CATALOG_ID: catalogId,
        },
        timeoutSeconds: 300,
        memoryMegabytes: 512,
      }),
      sync: this.node("sync", {
        can: [...this.ledger(), this.lake.sync(), ...this.lake.list()],
        environment: {
          ...this.named(),
          GLUE_CATALOG_ID: catalogId,
          LOOK_BACK_DAYS: String(this.args.lookBackDays),
          LOOK_AHEAD_DAYS: String(this.args.lookAheadDays),
          NODE_OPTIONS: SYNC_NODE_OPTIONS,
        },
        timeoutSeconds: SYNC_SECONDS,
        memoryMegabytes: SYNC_MEMORY_MEGABYTES,
      }),
      summarize: this.node("summarize", {
        can: [table.read()],
        environment: { ...this.named(), FRESHNESS_HOURS: String(freshnessHours) },
        timeoutSeconds: 300,
      }),
    };
  }

  /** What lands in the buckets is synced as it comes: bucket -> EventBridge -> queue -> function. */
  private follow(): EventQueue {
    const { notify } = this.args.functions;
    const queue = new EventQueue(
      `${this.partName}-events`,
      { notify, handlerSeconds: OBJECT_EVENTS_SECONDS, ...EVENT_BATCH },
      { parent: this },
    );
    const objectEvents = this.node("object-events", {
      // The events name the folders: nothing is listed.
      can: [...this.ledger(), this.lake.sync(), queue.receive()],
      environment: { ...this.named(), GLUE_CATALOG_ID: this.args.catalogId },
      timeoutSeconds: OBJECT_EVENTS_SECONDS,
      memoryMegabytes: 512,
    });
    queue.onMessages(`${this.partName}-events`, objectEvents);
    const rule = new aws.cloudwatch.EventRule(
      `${this.partName}-new-objects`,
      { eventPattern: JSON.stringify(newObjectsIn(this.args.buckets)) },
      { parent: this },
    );
    ruleSends(`${this.partName}-new-objects`, rule, queue, this);
    return queue;
  }

  private ledger(): Grant[] {
    const { table } = this.args.foundation;
    return [table.read(), table.write()];
  }

  /** Where results are recorded and measured. */
  private named(): Record<"TABLE_NAME" | "STAGE", pulumi.Input<string>> {
    return { TABLE_NAME: this.args.foundation.table.name, STAGE: this.args.stage };
  }

  private alarms(): void {
    const { notify } = this.args.functions;
    const own = { parent: this };
    new Alarm(
      `${this.partName}-failed-runs`,
      {
        notify,
        description:
          "A run of the partition manager failed before it looked at any table. The execution tells why; so does " +
          "./strata partitions sync --dry-run.",
        metric: "AWS/States ExecutionsFailed",
        dimensions: { StateMachineArn: this.machine.arn },
        statistic: "Sum",
        periodSeconds: ALARM_SECONDS,
      },
      own,
    );
    const alarm = (
      which: string,
      metric: string,
      statistic: "Sum" | "Maximum",
      description: string,
    ): void => {
      new Alarm(
        `${this.partName}-${which}`,
        {
          notify,
          description: `${description} ./strata partitions status tells which and why.`,
          metric: `Strata ${metric}`,
          dimensions: { service: "partitions", stage: this.args.stage },
          statistic,
          periodSeconds: ALARM_SECONDS,
        },
        own,
      );
    };
    alarm("failures", "PartitionsFailed", "Sum", "Partitions could not be made, changed or deleted.");
    alarm("failed-tables", "TablesFailed", "Maximum", "Tables could not be synced at all.");
    alarm("stale", "StaleTables", "Maximum", "The newest partition of a table is older than it should be.");
  }

  private node(which: string, settings: Omit<FunctionSettings, keyof ServiceDefaults>): LambdaFunction {
    return new NodeFunction(
      `${this.partName}-${which}`,
      { ...this.args.functions, entry: `partitions/${which}`, ...settings },
      { parent: this },
    );
  }
}

/** In EventBridge's pattern language: names as they are, and what holds a `*` as a wildcard. */
function newObjectsIn(buckets: readonly string[]): unknown {
  return {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: {
      bucket: { name: buckets.map((bucket) => (bucket.includes("*") ? { wildcard: bucket } : bucket)) },
    },
  };
}
