import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./grant";

export interface MessageQueueArgs {
  /** How long an unread message is kept. */
  readonly retentionSeconds: number;
  /** How long a message is hidden from other receivers while one works on it. @default 30 */
  readonly visibilitySeconds?: number;
  /** Where a message goes that was received `maxReceives` times and never deleted. */
  readonly deadLetter?: { readonly queue: MessageQueue; readonly maxReceives: number };
}

/** An encrypted SQS queue. */
export class MessageQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(
    type: string,
    private readonly partName: string,
    args: MessageQueueArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(type, partName, {}, opts);
    const { deadLetter } = args;
    const queue = new aws.sqs.Queue(
      partName,
      {
        messageRetentionSeconds: args.retentionSeconds,
        sqsManagedSseEnabled: true,
        ...(args.visibilitySeconds === undefined ? {} : { visibilityTimeoutSeconds: args.visibilitySeconds }),
        ...(deadLetter === undefined
          ? {}
          : {
              redrivePolicy: pulumi.jsonStringify({
                deadLetterTargetArn: deadLetter.queue.arn,
                maxReceiveCount: deadLetter.maxReceives,
              }),
            }),
      },
      { parent: this },
    );
    this.arn = queue.arn;
    this.url = queue.url;
    this.name = queue.name;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }

  /** Allows sending messages. */
  send(): Grant {
    return { actions: ["sqs:SendMessage"], resources: [this.arn] };
  }

  /** Allows receiving messages and deleting them. */
  receive(): Grant {
    return {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [this.arn],
    };
  }

  /** Allows an AWS service to send messages on behalf of one resource. A queue has at most one such source. */
  acceptFrom(service: string, sourceArn: pulumi.Input<string>): aws.sqs.QueuePolicy {
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: service },
          Action: "sqs:SendMessage",
          Resource: this.arn,
          Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
        },
      ],
    });
    return new aws.sqs.QueuePolicy(this.partName, { queueUrl: this.url, policy }, { parent: this });
  }
}
