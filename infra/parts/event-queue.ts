import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { DeadLetterQueue } from "./dead-letter-queue";
import type { LambdaFunction } from "./lambda-function";
import { MessageQueue } from "./message-queue";

export interface EventQueueArgs {
  /** ARN of the topic that is told of failed messages. */
  readonly notify: pulumi.Input<string>;
  /** Timeout of the function that handles a batch. */
  readonly handlerSeconds: number;
  /** Messages in a batch. Lambda takes at most 10,000, and at most 6 MB. Source: Lambda's quotas. */
  readonly batchSize: number;
  /** How long a batch waits for more messages. */
  readonly windowSeconds: number;
  /** Batches at one time, 2 at least. */
  readonly concurrency: number;
}

const RETENTION_SECONDS = 4 * 24 * 3600;
/** Receives of a message before it goes to the failure queue. */
const MAX_RECEIVES = 10;

/** A queue of events that a function handles in batches. A message that it keeps failing on goes to a failure queue. */
export class EventQueue extends MessageQueue {
  readonly failures: DeadLetterQueue;

  constructor(
    name: string,
    private readonly batching: EventQueueArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    // A child of the parent, because a component can have no children before `super` has made it.
    const failures = new DeadLetterQueue(`${name}-failed`, { notify: batching.notify }, opts);
    super(
      "strata:part:EventQueue",
      name,
      {
        retentionSeconds: RETENTION_SECONDS,
        // A message must stay hidden until Lambda's own retries are over. Source: Lambda's guide to SQS.
        visibilitySeconds: 6 * batching.handlerSeconds + batching.windowSeconds,
        deadLetter: { queue: failures, maxReceives: MAX_RECEIVES },
      },
      opts,
    );
    this.failures = failures;
  }

  /** Calls a function with the messages. It must be allowed to `receive()`, and answers which messages of a batch failed. */
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
