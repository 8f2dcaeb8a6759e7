import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ruleInvokes, ruleStarts } from "./event-bus";
import type { EventHandler } from "./node-function";
import { StateMachine } from "./state-machine";

/** When: `rate(7 days)` or `cron(0 3 1 * ? *)`, in EventBridge's spelling, UTC. */
export type ScheduleExpression = `rate(${string})` | `cron(${string})`;

export interface ScheduleArgs {
  readonly when: ScheduleExpression;
  /** A handler that is called, or a state machine that is started. */
  readonly runs: EventHandler | StateMachine;
  /** `kept`: a failed event is tried again, and kept if it still fails. `dropped`: neither. Only for a handler. @default "kept" */
  readonly failed?: "kept" | "dropped";
  /** The event, or the execution's input. @default an empty object */
  readonly input?: Readonly<Record<string, unknown>>;
}

/** Calls a handler or starts a state machine at fixed times. A stage without schedules has none of these. */
export class Schedule extends pulumi.ComponentResource {
  constructor(name: string, args: ScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:Schedule", name, {}, opts);
    const rule = new aws.cloudwatch.EventRule(name, { scheduleExpression: args.when }, { parent: this });
    const input = JSON.stringify(args.input ?? {});
    if (args.runs instanceof StateMachine) ruleStarts(name, rule, args.runs, { input }, this);
    else ruleInvokes(name, rule, args.runs, { input }, this, args.failed);
    this.registerOutputs({});
  }
}
