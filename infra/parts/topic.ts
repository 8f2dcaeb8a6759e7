import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Invoker } from "./lambda-function";
import { type EventHandler, functionOf } from "./node-function";

export interface TopicArgs {
  /** Refuse messages without TLS. Off only where the endpoint has no TLS, as the emulator on loopback. */
  readonly tlsOnly: boolean;
  /** The one AWS service that may publish, and for which of its resources. The ARN may be a pattern. */
  readonly from: Invoker;
}

/**
 * An SNS topic that one AWS service publishes to. Not encrypted at rest: with the key that AWS manages for SNS, neither S3 nor
 * CloudWatch could publish. The messages are object keys and alarm texts.
 */
export class Topic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** When it exists, the service may publish. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: TopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:Topic", name, {}, opts);
    const topic = new aws.sns.Topic(name, {}, { parent: this });
    this.arn = topic.arn;
    this.ready = new aws.sns.TopicPolicy(
      name,
      { arn: topic.arn, policy: policyOf(topic.arn, args) },
      { parent: this },
    );
    this.registerOutputs({ arn: this.arn });
  }

  /** Calls a handler for each message. What SNS can't deliver goes to the handler's own failure queue. */
  onMessage(name: string, handler: EventHandler): void {
    const called = functionOf(name, handler, this);
    const failures = called.keepFailedEvents();
    const accepted = failures.acceptFrom("sns.amazonaws.com", this.arn);
    const permission = called.allow(name, { principal: "sns.amazonaws.com", sourceArn: this.arn });
    new aws.sns.TopicSubscription(
      name,
      {
        topic: this.arn,
        protocol: "lambda",
        endpoint: called.arn,
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: failures.arn }),
      },
      { parent: this, dependsOn: [permission, accepted] },
    );
  }

  /** Sends each message as an email. AWS asks the recipient to confirm first. */
  email(name: string, address: string): void {
    new aws.sns.TopicSubscription(
      name,
      { topic: this.arn, protocol: "email", endpoint: address },
      { parent: this },
    );
  }
}

function policyOf(topicArn: pulumi.Output<string>, { from, tlsOnly }: TopicArgs): pulumi.Output<string> {
  const common = { Action: "sns:Publish", Resource: topicArn };
  const publish = {
    ...common,
    Effect: "Allow",
    Principal: { Service: from.principal },
    Condition: {
      ArnLike: { "aws:SourceArn": from.sourceArn },
      ...(from.sourceAccount === undefined
        ? {}
        : { StringEquals: { "aws:SourceAccount": from.sourceAccount } }),
    },
  };
  const refuse = {
    ...common,
    Effect: "Deny",
    Principal: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: tlsOnly ? [publish, refuse] : [publish],
  });
}
