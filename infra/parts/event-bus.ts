import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DeadLetterQueue } from "./dead-letter-queue";
import type { z } from "zod";
import type { EventType } from "../../runtime/contracts/events";
import type { EventQueue } from "./event-queue";
import type { Grant } from "./grant";
import { type FieldsOf, type Paths, inputTransformer, pathsOf } from "./json-path";
import type { LambdaFunction } from "./lambda-function";
import { type EventHandler, functionOf } from "./node-function";
import { ServiceRole } from "./service-role";
import type { StateMachine } from "./state-machine";

/** EventBridge retries for an hour. */
const RETRY = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 8 } as const;

/** The bus on which the services tell each other what happened. */
export class EventBus extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:EventBus", name, {}, opts);
    const bus = new aws.cloudwatch.EventBus(name, {}, { parent: this });
    this.name = bus.name;
    this.arn = bus.arn;
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  /** Allows putting events on the bus. */
  put(): Grant {
    return { actions: ["events:PutEvents"], resources: [this.arn] };
  }

  /**
   * Calls a handler for each event of a type. Events that the handler fails on are kept in its failure queue.
   *
   * @returns the function that is called.
   */
  on<Detail extends z.ZodType>(
    name: string,
    event: EventType<Detail>,
    handler: EventHandler<{ readonly detail: z.output<Detail> }>,
  ): LambdaFunction {
    return ruleInvokes(name, this.rule(name, event), handler, { eventBusName: this.name }, this);
  }

  /**
   * Starts a state machine for each event of a type.
   *
   * @param input what the execution gets, made of the paths to the event's detail.
   * @returns what must exist before an event is sure to start one.
   */
  onStart<Input extends object, Detail extends z.ZodType = z.ZodType>(
    name: string,
    event: EventType<Detail>,
    machine: StateMachine,
    input: (detail: Paths<z.output<Detail>>) => FieldsOf<Input>,
  ): pulumi.Resource {
    const given = inputTransformer<Input>(input(pathsOf<z.output<Detail>>("$.detail")));
    return ruleStarts(
      name,
      this.rule(name, event),
      machine,
      { eventBusName: this.name, inputTransformer: given },
      this,
    );
  }

  private rule(name: string, { source, type }: EventType): aws.cloudwatch.EventRule {
    return new aws.cloudwatch.EventRule(
      name,
      {
        eventBusName: this.name,
        eventPattern: JSON.stringify({ source: [source], "detail-type": [type] }),
      },
      { parent: this },
    );
  }
}

/** Has a rule of a bus or a schedule call a function: target, permission, and a queue for failed events. */
export function ruleInvokes(
  name: string,
  rule: aws.cloudwatch.EventRule,
  handler: EventHandler,
  target: { readonly eventBusName?: pulumi.Input<string>; readonly input?: string },
  parent: pulumi.Resource,
  failed: "kept" | "dropped" = "kept",
): LambdaFunction {
  const called = functionOf(name, handler, parent);
  if (failed === "kept") called.keepFailedEvents();
  else called.dropFailedEvents();
  const permission = called.allow(name, { principal: "events.amazonaws.com", sourceArn: rule.arn });
  new aws.cloudwatch.EventTarget(
    name,
    { rule: rule.name, arn: called.arn, retryPolicy: RETRY, ...target },
    { parent, dependsOn: [permission] },
  );
  return called;
}

/** Has a rule of a bus or a schedule start a state machine: target, role, and a queue for undelivered events. */
export function ruleStarts(
  name: string,
  rule: aws.cloudwatch.EventRule,
  machine: StateMachine,
  target: {
    readonly eventBusName?: pulumi.Input<string>;
    readonly input?: string;
    readonly inputTransformer?: {
      readonly inputPaths: Record<string, string>;
      readonly inputTemplate: string;
    };
  },
  parent: pulumi.Resource,
): pulumi.Resource {
  const undelivered = new DeadLetterQueue(`${name}-undelivered`, { notify: machine.notify }, { parent });
  const accepted = undelivered.acceptFrom("events.amazonaws.com", rule.arn);
  const role = new ServiceRole(
    `${name}-role`,
    { service: "events.amazonaws.com", can: [machine.start()] },
    { parent },
  );
  return new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      arn: machine.arn,
      roleArn: role.arn,
      deadLetterConfig: { arn: undelivered.arn },
      retryPolicy: RETRY,
      ...target,
    },
    { parent, dependsOn: [...role.ready, accepted] },
  );
}

/** Has a rule send to a queue: target, permission, and the queue's own failures for undelivered events. */
export function ruleSends(
  name: string,
  rule: aws.cloudwatch.EventRule,
  queue: EventQueue,
  parent: pulumi.Resource,
): void {
  const accepted = [queue, queue.failures].map((accepting) =>
    accepting.acceptFrom("events.amazonaws.com", rule.arn),
  );
  new aws.cloudwatch.EventTarget(
    name,
    { rule: rule.name, arn: queue.arn, deadLetterConfig: { arn: queue.failures.arn }, retryPolicy: RETRY },
    { parent, dependsOn: accepted },
  );
}
