import type * as pulumi from "@pulumi/pulumi";
import { Alarm } from "./alarm";
import { MessageQueue } from "./message-queue";

/** The longest time that SQS keeps a message: somebody has to look at it first. */
const RETENTION_SECONDS = 14 * 24 * 3600;

export interface DeadLetterQueueArgs {
  /** ARN of the topic that the alarm goes to. */
  readonly notify: pulumi.Input<string>;
}

/** A queue for events that could not be delivered or handled. It keeps them for 14 days, with an alarm while it is not empty. */
export class DeadLetterQueue extends MessageQueue {
  constructor(name: string, args: DeadLetterQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:DeadLetterQueue", name, { retentionSeconds: RETENTION_SECONDS }, opts);
    new Alarm(
      name,
      {
        notify: args.notify,
        description: `${name} holds events that could not be delivered or handled: see docs/operate.md.`,
        metric: "AWS/SQS ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: this.name },
        statistic: "Maximum",
      },
      { parent: this },
    );
  }
}
