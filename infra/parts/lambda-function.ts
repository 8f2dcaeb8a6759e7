import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DeadLetterQueue } from "./dead-letter-queue";
import type { Grant } from "./grant";
import { ServiceRole } from "./service-role";

/** What every function of a stage has in common. */
export interface FunctionDefaults {
  /** Days that log lines are kept. */
  readonly logRetentionDays: number;
}

export interface FunctionSettings extends FunctionDefaults {
  /** Exactly what the function may do besides logging and tracing. @default nothing */
  readonly can?: readonly Grant[];
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** @default 60 */
  readonly timeoutSeconds?: number;
  /** @default 256 */
  readonly memoryMegabytes?: number;
  /** Size of /tmp. @default 512, Lambda's smallest */
  readonly temporaryMegabytes?: number;
}

/** Where the function's code comes from. */
export type FunctionPackage =
  | {
      readonly kind: "zip";
      readonly archive: pulumi.asset.Archive;
      readonly handler: string;
      readonly runtime: string;
    }
  | { readonly kind: "image"; readonly imageUri: pulumi.Input<string>; readonly architecture: string };

/** Who may invoke a function, and for which of its resources. */
export interface Invoker {
  readonly principal: string;
  readonly sourceArn: pulumi.Input<string>;
  /** Needed where the ARN holds no account, as with buckets. */
  readonly sourceAccount?: pulumi.Input<string>;
}

/** AWS X-Ray takes no resource names. */
const TRACING: Grant = { actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] };

/** A Lambda function with its own role, log group with retention, and tracing; base of every kind of function. */
export abstract class LambdaFunction extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  private readonly role: ServiceRole;
  private readonly lambda: aws.lambda.Function;
  private failures: DeadLetterQueue | undefined;

  constructor(
    type: string,
    private readonly partName: string,
    settings: FunctionSettings,
    code: FunctionPackage,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(type, partName, {}, opts);
    const logs = new aws.cloudwatch.LogGroup(
      partName,
      { namePrefix: `/aws/lambda/${partName}-`, retentionInDays: settings.logRetentionDays },
      { parent: this },
    );
    const logging: Grant = {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${logs.arn}:*`],
    };
    this.role = new ServiceRole(
      `${partName}-role`,
      { service: "lambda.amazonaws.com", can: [logging, TRACING, ...(settings.can ?? [])] },
      { parent: this },
    );
    this.lambda = new aws.lambda.Function(
      partName,
      {
        role: this.role.arn,
        ...codeArgs(code),
        timeout: settings.timeoutSeconds ?? 60,
        memorySize: settings.memoryMegabytes ?? 256,
        ephemeralStorage: { size: settings.temporaryMegabytes ?? 512 },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name },
        tracingConfig: { mode: "Active" },
        ...(settings.environment === undefined ? {} : { environment: { variables: settings.environment } }),
      },
      { parent: this, dependsOn: [...this.role.ready] },
    );
    this.arn = this.lambda.arn;
    this.functionName = this.lambda.name;
    this.logGroupName = logs.name;
    this.registerOutputs({ arn: this.arn });
  }

  /** Lets an event source invoke the function. Every source calls this: AWS refuses it otherwise. */
  allow(name: string, invoker: Invoker): aws.lambda.Permission {
    return new aws.lambda.Permission(
      name,
      {
        action: "lambda:InvokeFunction",
        function: this.functionName,
        principal: invoker.principal,
        sourceArn: invoker.sourceArn,
        ...(invoker.sourceAccount === undefined ? {} : { sourceAccount: invoker.sourceAccount }),
      },
      { parent: this },
    );
  }

  /**
   * Says that a source invokes the function asynchronously: events that fail twice more go to a queue instead of being lost.
   * Repeated calls give the same queue.
   */
  keepFailedEvents(): DeadLetterQueue {
    if (this.failures !== undefined) return this.failures;
    const queue = new DeadLetterQueue(`${this.partName}-failed`, { parent: this });
    const grant = this.role.allow(`${this.partName}-failed`, [queue.send()]);
    new aws.lambda.FunctionEventInvokeConfig(
      this.partName,
      {
        functionName: this.functionName,
        maximumRetryAttempts: 2,
        destinationConfig: { onFailure: { destination: queue.arn } },
      },
      { parent: this, dependsOn: [grant] },
    );
    this.failures = queue;
    return queue;
  }
}

function codeArgs(code: FunctionPackage): Partial<aws.lambda.FunctionArgs> {
  return code.kind === "zip"
    ? { packageType: "Zip", runtime: code.runtime, handler: code.handler, code: code.archive }
    : { packageType: "Image", imageUri: code.imageUri, architectures: [code.architecture] };
}
