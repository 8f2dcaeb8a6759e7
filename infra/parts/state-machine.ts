import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./grant";
import type { ServiceDefaults } from "./lambda-function";
import { ServiceRole } from "./service-role";

export interface StateMachineArgs extends ServiceDefaults {
  /** The Amazon States Language document. It may hold outputs such as function ARNs. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** What the definition calls, and nothing else. */
  readonly can: readonly Grant[];
  /** True when the definition holds a distributed Map, whose items run as executions of the same machine. */
  readonly distributed?: boolean;
}

/** Log delivery for state machines takes no resource names. */
const LOG_DELIVERY: Grant = {
  actions: [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
  ],
  resources: ["*"],
};

const TRACING: Grant = {
  actions: [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
  ],
  resources: ["*"],
};

/** A Step Functions state machine with its own role, error log and tracing. */
export class StateMachine extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  /** ARN of the topic that is told when the machine could not be started. */
  readonly notify: pulumi.Input<string>;

  constructor(name: string, args: StateMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:StateMachine", name, {}, opts);
    const logs = new aws.cloudwatch.LogGroup(
      name,
      // Log groups under this prefix share one resource policy, since such policies are limited in number and size.
      { namePrefix: `/aws/vendedlogs/states/${name}-`, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const role = new ServiceRole(
      `${name}-role`,
      { service: "states.amazonaws.com", can: [LOG_DELIVERY, TRACING, ...args.can] },
      { parent: this },
    );
    const machine = new aws.sfn.StateMachine(
      name,
      {
        roleArn: role.arn,
        definition: pulumi.jsonStringify(args.definition),
        loggingConfiguration: {
          level: "ERROR",
          // The data includes signed URLs.
          includeExecutionData: false,
          logDestination: pulumi.interpolate`${logs.arn}:*`,
        },
        tracingConfiguration: { enabled: true },
      },
      { parent: this, dependsOn: [...role.ready] },
    );
    this.arn = machine.arn;
    this.name = machine.name;
    this.notify = args.notify;
    if (args.distributed === true) role.allow(`${name}-children`, ownChildren(machine.arn));
    this.registerOutputs({ arn: this.arn });
  }

  /** Allows starting executions. */
  start(): Grant {
    return { actions: ["states:StartExecution"], resources: [this.arn] };
  }
}

/** A distributed Map starts, watches and stops executions of its own machine. */
function ownChildren(arn: pulumi.Output<string>): Grant[] {
  const executions = arn.apply((text) => `${text.replace(":stateMachine:", ":execution:")}:*`);
  const mapRuns = arn.apply((text) => `${text.replace(":stateMachine:", ":execution:")}/*:*`);
  return [
    { actions: ["states:StartExecution"], resources: [arn] },
    { actions: ["states:DescribeExecution", "states:StopExecution"], resources: [executions, mapRuns] },
  ];
}
