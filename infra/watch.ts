import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Topic } from "./parts/topic";

export interface WatchArgs {
  /** Topics refuse messages without TLS. */
  readonly tlsOnly: boolean;
  /** Address that gets an email when an alarm is raised; empty for nobody. */
  readonly notificationEmail: string;
}

/** The topic that the alarms of all services go to, and the emails about them. */
export class Watch extends pulumi.ComponentResource {
  /** ARN of the topic that alarms go to; subscribe to it for more than emails. */
  readonly notify: pulumi.Output<string>;

  constructor(name: string, args: WatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:service:Watch", name, {}, opts);
    const own = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, own);
    const { partition } = aws.getPartitionOutput({}, own);
    const alarms = new Topic(
      `${name}-alarms`,
      {
        tlsOnly: args.tlsOnly,
        from: {
          principal: "cloudwatch.amazonaws.com",
          sourceArn: pulumi.interpolate`arn:${partition}:cloudwatch:*:${accountId}:alarm:*`,
          sourceAccount: accountId,
        },
      },
      own,
    );
    if (args.notificationEmail !== "") alarms.email(`${name}-emails`, args.notificationEmail);
    this.notify = alarms.arn;
    this.registerOutputs({ notify: this.notify });
  }
}
