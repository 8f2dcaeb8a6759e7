import * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation";
import { Alarm } from "../parts/alarm";
import { toolRevision } from "../parts/handler-code";
import type { ServiceDefaults, FunctionSettings, LambdaFunction, Rollout } from "../parts/lambda-function";
import type { HttpApi } from "../parts/http-api";
import { NodeFunction } from "../parts/node-function";
import { Schedule, type ScheduleExpression } from "../parts/schedule";
import { Secret } from "../parts/secret";
import { ToolFunction, type ToolSource } from "../parts/tool-function";

export interface SpecBuilderArgs {
  readonly foundation: Foundation;
  readonly functions: ServiceDefaults;
  /** Where the index is served. */
  readonly api: HttpApi;
  readonly visibility: "private" | "public";
  /** Specs handled at one time; 0 sets no limit. */
  readonly concurrency: number;
  /** New versions that are being rolled out. */
  readonly rollouts: { readonly handle?: Rollout; readonly build?: Rollout };
  readonly architecture: string;
  /** Where the tool functions run. */
  readonly toolSource: (which: SpecTool) => ToolSource;
  /** When the canary runs; absent where schedules are off. */
  readonly specCanarySchedule?: ScheduleExpression;
  readonly retainData: boolean;
}

/** The functions that run Python. */
export const SPEC_TOOLS = ["build", "canary"] as const;
export type SpecTool = (typeof SPEC_TOOLS)[number];

/** The newest that OpenAlchemy is known to work on; what it builds is for any Python. */
const PYTHON = "3.13";
/** Folder of the image that the tools run in, and the files in it that decide what a package is. */
const IMAGE = "builder";
const PROGRAMS = /\.py$|^spec-requirements\.txt$/;
/** Lambda allows 15 minutes at most; whoever handles a spec waits for the build, and may build again. */
const HANDLE_SECONDS = 900;
const BUILD_SECONDS = 300;
const CANARY_SECONDS = 600;
/** Lambda gives processor by memory; this is one. */
const ONE_PROCESSOR_MEGABYTES = 1769;

type OwnSettings = Omit<FunctionSettings, keyof ServiceDefaults>;

/** Turns OpenAPI specs that land in a bucket into Python packages beside them, and serves these as an index for pip. */
export class SpecBuilder extends pulumi.ComponentResource {
  /** The function that looks at a spec; call it with what SNS would send. */
  readonly handler: LambdaFunction;
  /** URL of the queue of what could not be delivered or handled. */
  readonly failures: pulumi.Output<string>;
  /** Base address of the index, without a trailing slash. */
  readonly url: pulumi.Output<string>;
  /** ARN of the secret with the users of the index. */
  readonly secret: pulumi.Output<string>;
  /** Name of the function that tries everything out. */
  readonly canary: pulumi.Output<string>;

  constructor(
    private readonly partName: string,
    private readonly args: SpecBuilderArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("strata:service:SpecBuilder", partName, {}, opts);
    const { specs: bucket } = args.foundation;
    this.handler = this.handle(this.build());
    const changes = bucket.announceChanges(`${partName}-changed`, { suffix: "-spec.json" });
    changes.onMessage(`${partName}-changed`, this.handler);
    this.failures = this.handler.keepFailedEvents().url;
    const users = new Secret(
      `${partName}-users`,
      { retain: args.retainData, initially: (password) => ({ pip: { password, owners: ["*"] } }) },
      { parent: this },
    );
    this.secret = users.arn;
    this.url = this.index(users);
    this.canary = this.canaryOf(users).functionName;
    this.registerOutputs({ url: this.url });
  }

  /** Runs what strangers' specs become, and so may touch nothing: a spec comes with the call, packages go with the answer. */
  private build(): LambdaFunction {
    return this.tool("build", {
      released: true,
      ...rolloutOf(this.args.rollouts.build),
      timeoutSeconds: BUILD_SECONDS,
      memoryMegabytes: ONE_PROCESSOR_MEGABYTES,
    });
  }

  private handle(builder: LambdaFunction): LambdaFunction {
    const { table, specs: bucket } = this.args.foundation;
    const { rollouts, concurrency } = this.args;
    return this.node("handle", {
      can: [
        table.read(),
        table.write(),
        bucket.read("*"),
        bucket.write("*"),
        bucket.remove("*"),
        bucket.listAll(),
        builder.invoke(),
      ],
      environment: {
        TABLE_NAME: table.name,
        SPECS_BUCKET: bucket.name,
        SPEC_BUILDER: builder.arn,
        SPEC_BUILDER_REVISION: revisionOf(rollouts.build),
      },
      released: true,
      ...rolloutOf(rollouts.handle),
      ...(concurrency === 0 ? {} : { concurrency }),
      timeoutSeconds: HANDLE_SECONDS,
      memoryMegabytes: 512,
    });
  }

  private index(users: Secret): pulumi.Output<string> {
    const { table, specs: bucket } = this.args.foundation;
    const index = this.node("package-index", {
      // It signs addresses of objects, and an address can do what its signer may.
      can: [table.read(), bucket.read("*"), users.read()],
      environment: {
        TABLE_NAME: table.name,
        SPECS_BUCKET: bucket.name,
        PACKAGE_INDEX_SECRET: users.arn,
        PACKAGE_INDEX_VISIBILITY: this.args.visibility,
      },
      timeoutSeconds: 15,
      memoryMegabytes: 512,
    });
    this.args.api.onRequest(`${this.partName}-package-index`, "ANY", "/packages/{path+}", index);
    return pulumi.interpolate`${this.args.api.url}/packages`;
  }

  /** Runs only packages of our own specs, and so may have a corner of the bucket. */
  private canaryOf(users: Secret): LambdaFunction {
    const { specs: bucket } = this.args.foundation;
    const canary = this.tool("canary", {
      can: [
        bucket.read("canary/*"),
        bucket.write("canary/*"),
        bucket.remove("canary/*"),
        bucket.list("canary/*"),
        users.read(),
      ],
      environment: {
        SPECS_BUCKET: bucket.name,
        PACKAGE_INDEX_URL: this.url,
        PACKAGE_INDEX_SECRET: users.arn,
      },
      timeoutSeconds: CANARY_SECONDS,
      memoryMegabytes: 512,
    });
    new Alarm(
      `${this.partName}-canary`,
      {
        notify: this.args.functions.notify,
        description: "The canary of specs failed: its log says at which step. Run it: ./strata specs canary.",
        metric: "AWS/Lambda Errors",
        dimensions: { FunctionName: canary.functionName },
        statistic: "Sum",
      },
      { parent: this },
    );
    if (this.args.specCanarySchedule !== undefined) {
      new Schedule(
        `${this.partName}-canary-schedule`,
        // The next one makes up for it, and the alarm has told: what would a message in a queue be for?
        { when: this.args.specCanarySchedule, runs: canary, failed: "dropped" },
        { parent: this },
      );
    }
    return canary;
  }

  private node(which: string, settings: OwnSettings): LambdaFunction {
    return new NodeFunction(
      `${this.partName}-${which}`,
      { ...this.args.functions, entry: `specs/${which}`, ...settings },
      { parent: this },
    );
  }

  private tool(which: SpecTool, settings: OwnSettings): LambdaFunction {
    return new ToolFunction(
      `${this.partName}-${which}`,
      {
        ...this.args.functions,
        entry: `specs/${which}`,
        image: IMAGE,
        stage: "specs",
        python: PYTHON,
        architecture: this.args.architecture,
        source: this.args.toolSource(which),
        ...settings,
      },
      { parent: this },
    );
  }
}

/** During a rollout either version may have built a package, and nobody knows which: after it, those packages are built again. */
function revisionOf(rollout: Rollout | undefined): string {
  const newest = toolRevision(IMAGE, "specs/build", PROGRAMS);
  return rollout === undefined ? newest : `${newest} beside ${rollout.stableVersion}`;
}

const rolloutOf = (rollout: Rollout | undefined): { rollout?: Rollout } =>
  rollout === undefined ? {} : { rollout };
