import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AlarmArgs {
  /** ARN of the topic that the alarm goes to. */
  readonly notify: pulumi.Input<string>;
  /** What happened and what to do, in a sentence or two. It is the text of the email. */
  readonly description: string;
  /** Namespace and name, such as `AWS/Lambda Errors`. */
  readonly metric: `${string} ${string}`;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Sum" | "Maximum";
  /** The values of one period are added up, or the largest is taken. @default 300 */
  readonly periodSeconds?: number;
}

/** Tells a topic when a metric is above 0. No data means that all is well. */
export class Alarm extends pulumi.ComponentResource {
  constructor(name: string, args: AlarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:Alarm", name, {}, opts);
    const [namespace, metricName] = args.metric.split(" ") as [string, string];
    new aws.cloudwatch.MetricAlarm(
      name,
      {
        alarmDescription: args.description,
        namespace,
        metricName,
        dimensions: args.dimensions,
        statistic: args.statistic,
        period: args.periodSeconds ?? 300,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        treatMissingData: "notBreaching",
        alarmActions: [args.notify],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
