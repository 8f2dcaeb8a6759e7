import * as pulumi from "@pulumi/pulumi";
import {
  adviseEnvironment,
  objectEventsEnvironment,
  SCHEDULED,
  summarizeEnvironment,
  surveyEnvironment,
  syncEnvironment,
  PARTITION_RUNS,
} from "../../runtime/contracts/partitions";
import { type Grant, mergeGrants } from "../parts/grant";
import type { LambdaFunction } from "../parts/lambda-function";
import { Schedule, type ScheduleExpression } from "../parts/schedule";
import { ServiceFunctions } from "../parts/service-functions";
import { StateMachine } from "../parts/state-machine";
import type { Shared } from "../shared";
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
import { Lake } from "./lake";
import { ObjectEvents } from "./object-events";

export interface PartitionManagerArgs extends Pick<
  Shared,
  "stage" | "regions" | "foundation" | "functions" | "schedules"
> {
  /** Names of databases, with `*` for any part. Never empty. */
  readonly partitionDatabases: readonly string[];
  /** Databases to leave alone, although `partitionDatabases` names them. */
  readonly partitionExcludedDatabases: readonly string[];
  /** Names of the buckets that their tables are in, with `*` for any part. */
  readonly partitionBuckets: readonly string[];
  /** Account of the Glue catalog; empty for the stack's own. */
  readonly partitionGlueCatalogId: string;
  /** When all tables are synced. */
  readonly partitionSchedule: ScheduleExpression;
  /** How many tables are synced at the same time. */
  readonly partitionConcurrency: number;
  /** How many days before and after today a run looks at, in tables whose partitions have a time. */
  readonly partitionLookBackDays: number;
  readonly partitionLookAheadDays: number;
  /** A table is stale if its newest partition is older than this number of hours. */
  readonly partitionFreshnessHours: number;
  /** Whether new objects are registered at once. The buckets must send their events to EventBridge. */
  readonly partitionEvents: boolean;
}

/** Keeps the partitions of tables in Glue the same as the folders of their buckets. */
export class PartitionManager extends pulumi.ComponentResource {
  readonly outputs: {
    readonly machine: pulumi.Output<string>;
    readonly advisor: pulumi.Output<string>;
    readonly queue: pulumi.Output<string>;
    readonly freshnessHours: number;
  };
  private readonly lake: Lake;
  private readonly functions: ServiceFunctions;

  constructor(
    private readonly partName: string,
    private readonly args: PartitionManagerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("strata:service:PartitionManager", partName, {}, opts);
    this.lake = new Lake(
      {
        databases: args.partitionDatabases,
        buckets: args.partitionBuckets,
        catalogId: args.partitionGlueCatalogId,
        region: args.regions[0],
      },
      this,
    );
    this.functions = new ServiceFunctions(partName, {
      service: "partitions",
      defaults: args.functions,
      parent: this,
    });
    const machine = this.createMachine();
    const advisor = this.functions.node("advise", {
      can: [this.lake.advise(), ...this.lake.list()],
      reads: adviseEnvironment,
      environment: { GLUE_CATALOG_ID: args.partitionGlueCatalogId },
      timeoutSeconds: ADVISE_SECONDS,
      memoryMegabytes: SYNC_MEGABYTES,
    });
    const { notify } = args.functions;
    addAlarms(partName, { notify, stage: args.stage, machine: machine.arn }, this);
    this.outputs = {
      machine: machine.arn,
      advisor: advisor.functionName,
      queue: args.partitionEvents ? this.followObjects().queue : pulumi.output(""),
      freshnessHours: args.partitionFreshnessHours,
    };
    this.registerOutputs(this.outputs);
  }

  /** The state machine that syncs all tables, with its schedule. */
  private createMachine(): StateMachine {
    const { functions, foundation, schedules, partitionConcurrency, partitionSchedule } = this.args;
    const steps = { survey: this.survey(), sync: this.sync(), summarize: this.summarize() };
    const { survey, sync, summarize } = steps;
    const machine = new StateMachine(
      `${this.partName}-sync-tables`,
      {
        ...functions,
        definition: partitionDefinition(
          { survey: survey.arn, sync: sync.arn, summarize: summarize.arn },
          partitionConcurrency,
        ),
        can: [
          ...mergeGrants(Object.values(steps).map((step) => step.invoke())),
          foundation.artifacts.read(`${PARTITION_RUNS}*`),
        ],
        distributed: true,
      },
      { parent: this },
    );
    if (schedules) {
      new Schedule(
        `${this.partName}-schedule`,
        { when: partitionSchedule, runs: machine, input: { reason: SCHEDULED } },
        { parent: this },
      );
    }
    return machine;
  }

  private survey(): LambdaFunction {
    const { artifacts } = this.args.foundation;
    const { partitionDatabases, partitionExcludedDatabases } = this.args;
    return this.functions.node("survey", {
      can: [...this.rows(), artifacts.write(`${PARTITION_RUNS}*`), ...this.lake.survey()],
      reads: surveyEnvironment,
      environment: {
        ...this.shared(),
        ARTIFACTS_BUCKET: artifacts.name,
        DATABASES: JSON.stringify({ include: partitionDatabases, exclude: partitionExcludedDatabases }),
        GLUE_CATALOG_ID: this.args.partitionGlueCatalogId,
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
        GLUE_CATALOG_ID: this.args.partitionGlueCatalogId,
        LOOK_BACK_DAYS: String(this.args.partitionLookBackDays),
        LOOK_AHEAD_DAYS: String(this.args.partitionLookAheadDays),
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
      environment: { ...this.shared(), FRESHNESS_HOURS: String(this.args.partitionFreshnessHours) },
      timeoutSeconds: SUMMARIZE_SECONDS,
    });
  }

  private followObjects(): ObjectEvents {
    return new ObjectEvents(
      this.partName,
      {
        buckets: this.args.partitionBuckets,
        notify: this.args.functions.notify,
        handler: (receive) =>
          this.functions.node("object-events", {
            // The events name the folders, so the function need not list the buckets.
            can: [...this.rows(), this.lake.sync(), receive],
            reads: objectEventsEnvironment,
            environment: { ...this.shared(), GLUE_CATALOG_ID: this.args.partitionGlueCatalogId },
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
