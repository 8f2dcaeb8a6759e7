import * as pulumi from "@pulumi/pulumi";
import {
  adviseEnvironment,
  objectEventsEnvironment,
  SCHEDULED,
  summarizeEnvironment,
  surveyEnvironment,
  syncEnvironment,
} from "../../runtime/contracts/partitions";
import type { Foundation } from "../foundation";
import { type Grant, mergeGrants } from "../parts/grant";
import type { LambdaFunction, ServiceDefaults } from "../parts/lambda-function";
import { Schedule, type ScheduleExpression } from "../parts/schedule";
import { ServiceFunctions } from "../parts/service-functions";
import { StateMachine } from "../parts/state-machine";
import { addAlarms } from "./alarms";
import { partitionDefinition } from "./definition";
import {
  ADVISE_SECONDS,
  OBJECT_EVENTS_MEGABYTES,
  OBJECT_EVENTS_SECONDS,
  SUMMARIZE_SECONDS,
  SURVEY_MEGABYTES,
  SURVEY_SECONDS,
  SYNC_MEGABYTES,
  SYNC_NODE_OPTIONS,
  SYNC_SECONDS,
} from "./function-limits";
import { Lake, type LakeArgs } from "./lake";
import { ObjectEvents } from "./object-events";

export interface PartitionManagerArgs extends LakeArgs {
  /** The stage's name, which is a dimension of the metrics. */
  readonly stage: string;
  readonly foundation: Foundation;
  readonly functions: ServiceDefaults;
  /** Databases to leave alone, although `databases` names them. */
  readonly excludedDatabases: readonly string[];
  /** How many tables are synced at the same time. */
  readonly concurrency: number;
  /** How many days before and after today a run looks at, in tables whose partitions have a time. */
  readonly lookBackDays: number;
  readonly lookAheadDays: number;
  /** A table is stale if its newest partition is older than so many hours. */
  readonly freshnessHours: number;
  /** Whether new objects are registered at once. The buckets must send their events to EventBridge. */
  readonly followsEvents: boolean;
  /** When all tables are synced; absent where schedules are off. */
  readonly schedule?: ScheduleExpression;
}

/** Keeps the partitions of tables in Glue the same as the folders of their buckets. */
export class PartitionManager extends pulumi.ComponentResource {
  readonly machine: StateMachine;
  /** Name of the function that advises on partition projection. */
  readonly advisor: pulumi.Output<string>;
  /** URL of the queue of new objects; empty if events are not followed. */
  readonly queue: pulumi.Output<string>;
  private readonly lake: Lake;
  private readonly functions: ServiceFunctions;

  constructor(
    private readonly partName: string,
    private readonly args: PartitionManagerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("strata:service:PartitionManager", partName, {}, opts);
    this.lake = new Lake(args, this);
    this.functions = new ServiceFunctions(partName, {
      service: "partitions",
      defaults: args.functions,
      parent: this,
    });
    this.machine = this.createMachine();
    this.queue = args.followsEvents ? this.followObjects().queue : pulumi.output("");
    this.advisor = this.functions.node("advise", {
      can: [this.lake.advise(), ...this.lake.list()],
      reads: adviseEnvironment,
      environment: { GLUE_CATALOG_ID: args.catalogId },
      timeoutSeconds: ADVISE_SECONDS,
      memoryMegabytes: SYNC_MEGABYTES,
    }).functionName;
    const { notify } = args.functions;
    addAlarms(partName, { notify, stage: args.stage, machine: this.machine.arn }, this);
    this.registerOutputs({ machine: this.machine.arn });
  }

  /** The state machine that syncs all tables, with its schedule. */
  private createMachine(): StateMachine {
    const { functions, foundation, concurrency, schedule } = this.args;
    const steps = { survey: this.survey(), sync: this.sync(), summarize: this.summarize() };
    const { survey, sync, summarize } = steps;
    const machine = new StateMachine(
      `${this.partName}-sync-tables`,
      {
        ...functions,
        definition: partitionDefinition(
          { survey: survey.arn, sync: sync.arn, summarize: summarize.arn },
          concurrency,
        ),
        can: [
          ...mergeGrants(Object.values(steps).map((step) => step.invoke())),
          foundation.artifacts.read("runs/partitions/*"),
        ],
        distributed: true,
      },
      { parent: this },
    );
    if (schedule !== undefined) {
      new Schedule(
        `${this.partName}-schedule`,
        { when: schedule, runs: machine, input: { reason: SCHEDULED } },
        { parent: this },
      );
    }
    return machine;
  }

  private survey(): LambdaFunction {
    const { artifacts } = this.args.foundation;
    const { databases, excludedDatabases } = this.args;
    return this.functions.node("survey", {
      can: [...this.rows(), artifacts.write("runs/partitions/*"), ...this.lake.survey()],
      reads: surveyEnvironment,
      environment: {
        ...this.shared(),
        ARTIFACTS_BUCKET: artifacts.name,
        DATABASES: JSON.stringify({ include: databases, exclude: excludedDatabases }),
        GLUE_CATALOG_ID: this.args.catalogId,
      },
      timeoutSeconds: SURVEY_SECONDS,
      memoryMegabytes: SURVEY_MEGABYTES,
    });
  }

  private sync(): LambdaFunction {
    return this.functions.node("sync", {
      can: [...this.rows(), this.lake.sync(), ...this.lake.list()],
      reads: syncEnvironment,
      environment: {
        ...this.shared(),
        GLUE_CATALOG_ID: this.args.catalogId,
        LOOK_BACK_DAYS: String(this.args.lookBackDays),
        LOOK_AHEAD_DAYS: String(this.args.lookAheadDays),
      },
      nodeOptions: SYNC_NODE_OPTIONS,
      timeoutSeconds: SYNC_SECONDS,
      memoryMegabytes: SYNC_MEGABYTES,
    });
  }

  private summarize(): LambdaFunction {
    return this.functions.node("summarize", {
      can: [this.args.foundation.table.read()],
      reads: summarizeEnvironment,
      environment: { ...this.shared(), FRESHNESS_HOURS: String(this.args.freshnessHours) },
      timeoutSeconds: SUMMARIZE_SECONDS,
    });
  }

  private followObjects(): ObjectEvents {
    return new ObjectEvents(
      this.partName,
      {
        buckets: this.args.buckets,
        notify: this.args.functions.notify,
        handler: (receive) =>
          this.functions.node("object-events", {
            // The events name the folders, so the function need not list the buckets.
            can: [...this.rows(), this.lake.sync(), receive],
            reads: objectEventsEnvironment,
            environment: { ...this.shared(), GLUE_CATALOG_ID: this.args.catalogId },
            timeoutSeconds: OBJECT_EVENTS_SECONDS,
            memoryMegabytes: OBJECT_EVENTS_MEGABYTES,
          }),
      },
      { parent: this },
    );
  }

  /** Allows to read and write the rows of our own table. */
  private rows(): Grant[] {
    const { table } = this.args.foundation;
    return [table.read(), table.write()];
  }

  /** The variables of the functions that store or measure results. */
  private shared(): Record<"TABLE_NAME" | "STAGE", pulumi.Input<string>> {
    return { TABLE_NAME: this.args.foundation.table.name, STAGE: this.args.stage };
  }
}
