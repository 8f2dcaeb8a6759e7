import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ruleSends } from "../parts/event-bus";
import { EventQueue } from "../parts/event-queue";
import type { Grant } from "../parts/grant";
import type { LambdaFunction } from "../parts/lambda-function";
import { OBJECT_EVENTS_SECONDS } from "./function-limits";

interface ObjectEventsArgs {
  /** Names of buckets; `*` stands for any text. They must send their events to EventBridge. */
  readonly buckets: readonly string[];
  /** ARN of the topic that gets the alarm about failed messages. */
  readonly notify: pulumi.Input<string>;
  /** Makes the function that handles the messages. It must be allowed to receive them. */
  readonly handler: (receive: Grant) => LambdaFunction;
}

/** EventBridge's events have about 1 kB, and a batch may have 6 MB. The function runs at most twelve times a minute for each batch at a time. */
const BATCH = { batchSize: 1000, windowSeconds: 5, concurrency: 2 } as const;

/** Hands new objects to a function in batches: bucket -> EventBridge -> queue -> function. */
export class ObjectEvents extends pulumi.ComponentResource {
  /** URL of the queue. */
  readonly queue: pulumi.Output<string>;

  /** @param name of the service. Its parts are `<name>-events` and `<name>-new-objects`. */
  constructor(name: string, args: ObjectEventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:partitions:ObjectEvents", name, {}, opts);
    const own = { parent: this };
    const queue = new EventQueue(
      `${name}-events`,
      { notify: args.notify, handlerSeconds: OBJECT_EVENTS_SECONDS, ...BATCH },
      own,
    );
    queue.onMessages(`${name}-events`, args.handler(queue.receive()));
    const rule = new aws.cloudwatch.EventRule(
      `${name}-new-objects`,
      { eventPattern: JSON.stringify(newObjectsIn(args.buckets)) },
      own,
    );
    ruleSends(`${name}-new-objects`, rule, queue, this);
    this.queue = queue.url;
    this.registerOutputs({ queue: this.queue });
  }
}

/** EventBridge's pattern for new objects. A name with a `*` is a wildcard there. */
function newObjectsIn(buckets: readonly string[]): unknown {
  return {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: {
      bucket: { name: buckets.map((bucket) => (bucket.includes("*") ? { wildcard: bucket } : bucket)) },
    },
  };
}
