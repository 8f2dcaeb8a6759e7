import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { DeadLetterQueue } from "./dead-letter-queue";
import type { LambdaFunction } from "./lambda-function";
import { MessageQueue } from "./message-queue";

export interface EventQueueArgs {
  /** ARN of the topic that is told when messages are given up. */
  readonly notify: pulumi.Input<string>;
  /** How long the function may take that handles a batch. */
  readonly handlerSeconds: number;
  /** Messages a batch: 10,000 and 6 MB at most. Source: Lambda's quotas. */
  readonly batchSize: number;
  /** How long a batch waits for more messages. */
  readonly windowSeconds: number;
  /** Batches at one time, 2 at least. */
  readonly concurrency: number;
}

const RETENTION_SECONDS = 4 * 24 * 3600;
/** Tries before a message is given up. */
const TRIES = 10;

/** A queue of events that a function handles in batches; what it fails again and again goes to a failure queue. */
export class EventQueue extends MessageQueue {
  readonly failures: DeadLetterQueue;

  constructor(
    name: string,
    private readonly batching: EventQueueArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    // The parent's, and not this one's: a component has no children before it stands.
    const failures = new DeadLetterQueue(`${name}-failed`, { notify: batching.notify }, opts);
    super(
      "strata:part:EventQueue",
      name,
      {
        retentionSeconds: RETENTION_SECONDS,
        // Lambda's own retries must be over before somebody else gets the message. Source: Lambda's guide to SQS.
        visibilitySeconds: 6 * batching.handlerSeconds + batching.windowSeconds,
        gaveUp: { queue: failures, after: TRIES },
      },
      opts,
    );
    this.failures = failures;
  }

  /** Hands messages to a function. It must be allowed to `receive()`, and answers which messages of a batch it failed. */
  onMessages(name: string, handler: LambdaFunction): void {
    new aws.lambda.EventSourceMapping(
      name,
      {
        eventSourceArn: this.arn,
        functionName: handler.arn,
        batchSize: this.batching.batchSize,
        maximumBatchingWindowInSeconds: this.batching.windowSeconds,
        scalingConfig: { maximumConcurrency: this.batching.concurrency },
        functionResponseTypes: ["ReportBatchItemFailures"],
      },
      { parent: this },
    );
  }
}
