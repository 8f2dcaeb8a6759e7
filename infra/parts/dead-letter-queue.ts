import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./grant";

/** SQS keeps a message 14 days at most; a dead letter should wait as long as it can for somebody to look. */
const RETENTION_SECONDS = 14 * 24 * 3600;

/** A queue for what could not be delivered or handled: encrypted, kept for 14 days. */
export class DeadLetterQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;

  constructor(
    private readonly partName: string,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("strata:part:DeadLetterQueue", partName, {}, opts);
    const queue = new aws.sqs.Queue(
      partName,
      { messageRetentionSeconds: RETENTION_SECONDS, sqsManagedSseEnabled: true },
      { parent: this },
    );
    this.arn = queue.arn;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }

  /** Lets somebody put messages in. */
  send(): Grant {
    return { actions: ["sqs:SendMessage"], resources: [this.arn] };
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
