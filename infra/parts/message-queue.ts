import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./grant";

export interface MessageQueueArgs {
  /** How long an unread message is kept. */
  readonly retentionSeconds: number;
  /** How long a message that somebody took stays hidden from others. @default 30 */
  readonly visibilitySeconds?: number;
  /** Where a message goes that was taken so many times and never done. */
  readonly gaveUp?: { readonly queue: MessageQueue; readonly after: number };
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
    const { gaveUp } = args;
    const queue = new aws.sqs.Queue(
      partName,
      {
        messageRetentionSeconds: args.retentionSeconds,
        sqsManagedSseEnabled: true,
        ...(args.visibilitySeconds === undefined ? {} : { visibilityTimeoutSeconds: args.visibilitySeconds }),
        ...(gaveUp === undefined
          ? {}
          : {
              redrivePolicy: pulumi.jsonStringify({
                deadLetterTargetArn: gaveUp.queue.arn,
                maxReceiveCount: gaveUp.after,
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

  /** Lets somebody put messages in. */
  send(): Grant {
    return { actions: ["sqs:SendMessage"], resources: [this.arn] };
  }

  /** Lets somebody take messages and be done with them. */
  receive(): Grant {
    return {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [this.arn],
    };
  }

  /** Lets an AWS service put messages in on behalf of one resource. At most one source a queue. */
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
