import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AlarmArgs {
  /** ARN of the topic that is told. */
  readonly notify: pulumi.Input<string>;
  /** What has happened and what to do, in a sentence or two: it is what the letter says. */
  readonly description: string;
  /** Namespace and name, such as `AWS/Lambda Errors`. */
  readonly metric: `${string} ${string}`;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Sum" | "Maximum";
  /** What counts as one look. @default 300 */
  readonly periodSeconds?: number;
}

/** Tells a topic when a metric that should be 0 is not. No data is good news. */
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
