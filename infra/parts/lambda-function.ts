import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DeadLetterQueue } from "./dead-letter-queue";
import type { Grant } from "./grant";
import { ServiceRole } from "./service-role";

/** What all services of a stage set in the same way. */
export interface ServiceDefaults {
  /** Days that log lines are kept. */
  readonly logRetentionDays: number;
  /** ARN of the topic that alarms go to. */
  readonly notify: pulumi.Input<string>;
}

/**
 * How calls are split while a new version is rolled out: some go to the newest version, all others to one that is known to be good.
 * The version's number is text, as Lambda counts: `"7"`.
 */
export interface Rollout {
  readonly stableVersion: string;
  /** From 0 to 99. */
  readonly newestPercent: number;
}

export interface FunctionSettings extends ServiceDefaults {
  /** What the function may do besides logging and tracing, and nothing else. @default nothing */
  readonly can?: readonly Grant[];
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** @default 60 */
  readonly timeoutSeconds?: number;
  /** @default 256 */
  readonly memoryMegabytes?: number;
  /** Size of /tmp. @default 512, Lambda's smallest */
  readonly temporaryMegabytes?: number;
  /** Publish each change as a version, and be called through the alias `live`, never directly. @default false */
  readonly released?: boolean;
  /** How the alias splits calls. Only for a released function. @default all calls go to the newest version */
  readonly rollout?: Rollout;
  /** Invocations at one time, reserved from the account's. @default no limit of its own */
  readonly concurrency?: number;
}

/** The function's code: an archive, or an image. */
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
  /** What callers invoke: the alias of a released function, and any other function itself. */
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  private readonly role: ServiceRole;
  private readonly alias: aws.lambda.Alias | undefined;
  private failures: DeadLetterQueue | undefined;

  constructor(
    type: string,
    private readonly partName: string,
    private readonly settings: FunctionSettings,
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
    const lambda = new aws.lambda.Function(
      partName,
      {
        role: this.role.arn,
        ...codeArgs(code),
        timeout: settings.timeoutSeconds ?? 60,
        memorySize: settings.memoryMegabytes ?? 256,
        ephemeralStorage: { size: settings.temporaryMegabytes ?? 512 },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name },
        tracingConfig: { mode: "Active" },
        ...(settings.released === true ? { publish: true } : {}),
        ...(settings.concurrency === undefined ? {} : { reservedConcurrentExecutions: settings.concurrency }),
        ...(settings.environment === undefined ? {} : { environment: { variables: settings.environment } }),
      },
      { parent: this, dependsOn: [...this.role.ready] },
    );
    this.alias = settings.released === true ? this.release(lambda, settings.rollout) : undefined;
    this.arn = this.alias?.arn ?? lambda.arn;
    this.functionName = lambda.name;
    this.logGroupName = logs.name;
    this.registerOutputs({ arn: this.arn });
  }

  /** Allows invoking the function. */
  invoke(): Grant {
    return { actions: ["lambda:InvokeFunction"], resources: [this.arn] };
  }

  /** Allows an event source to invoke the function. Every source needs it. */
  allow(name: string, invoker: Invoker): aws.lambda.Permission {
    return new aws.lambda.Permission(
      name,
      {
        action: "lambda:InvokeFunction",
        function: this.functionName,
        ...this.qualified(),
        principal: invoker.principal,
        sourceArn: invoker.sourceArn,
        ...(invoker.sourceAccount === undefined ? {} : { sourceAccount: invoker.sourceAccount }),
      },
      { parent: this },
    );
  }

  /**
   * For a function that events invoke asynchronously: an event that still fails after two retries goes to a queue.
   *
   * @returns the queue, which is the same at each call.
   */
  keepFailedEvents(): DeadLetterQueue {
    if (this.failures !== undefined) return this.failures;
    const queue = new DeadLetterQueue(
      `${this.partName}-failed`,
      { notify: this.settings.notify },
      { parent: this },
    );
    const grant = this.role.allow(`${this.partName}-failed`, [queue.send()]);
    const destinationConfig = { onFailure: { destination: queue.arn } };
    this.whenInvokedByEvents({ maximumRetryAttempts: 2, destinationConfig }, [grant]);
    this.failures = queue;
    return queue;
  }

  /** For a function that events invoke asynchronously: an event that fails is neither tried again nor kept. */
  dropFailedEvents(): void {
    this.whenInvokedByEvents({ maximumRetryAttempts: 0 });
  }

  private whenInvokedByEvents(
    settings: Pick<aws.lambda.FunctionEventInvokeConfigArgs, "maximumRetryAttempts" | "destinationConfig">,
    dependsOn: pulumi.Resource[] = [],
  ): void {
    new aws.lambda.FunctionEventInvokeConfig(
      this.partName,
      { functionName: this.functionName, ...this.qualified(), ...settings },
      { parent: this, dependsOn },
    );
  }

  private release(lambda: aws.lambda.Function, rollout: Rollout | undefined): aws.lambda.Alias {
    const weights = lambda.version.apply((newest) => weightsOf(newest, rollout));
    return new aws.lambda.Alias(
      this.partName,
      {
        name: "live",
        functionName: lambda.name,
        functionVersion: rollout?.stableVersion ?? lambda.version,
        ...(rollout === undefined ? {} : { routingConfig: { additionalVersionWeights: weights } }),
      },
      { parent: this },
    );
  }

  /** Permissions and settings of a function don't apply to its alias, so a released function has them on the alias. */
  private qualified(): { qualifier?: pulumi.Output<string> } {
    return this.alias === undefined ? {} : { qualifier: this.alias.name };
  }
}

/** Lambda refuses an alias that names one version twice, so the newest has no weight of its own where it is the stable one. */
function weightsOf(newest: string, rollout: Rollout | undefined): Record<string, number> {
  if (rollout === undefined || rollout.newestPercent === 0 || newest === rollout.stableVersion) return {};
  return { [newest]: rollout.newestPercent / 100 };
}

function codeArgs(code: FunctionPackage): Partial<aws.lambda.FunctionArgs> {
  return code.kind === "zip"
    ? { packageType: "Zip", runtime: code.runtime, handler: code.handler, code: code.archive }
    : { packageType: "Image", imageUri: code.imageUri, architectures: [code.architecture] };
}
