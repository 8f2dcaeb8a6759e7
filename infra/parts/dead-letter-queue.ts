import type * as pulumi from "@pulumi/pulumi";
import { Alarm } from "./alarm";
import { MessageQueue } from "./message-queue";

/** SQS keeps a message 14 days at most; a dead letter should wait as long as it can for somebody to look. */
const RETENTION_SECONDS = 14 * 24 * 3600;

export interface DeadLetterQueueArgs {
  /** ARN of the topic that is told when something is in the queue. */
  readonly notify: pulumi.Input<string>;
}

/** A queue for what could not be delivered or handled: encrypted, kept for 14 days, with an alarm while it holds anything. */
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
