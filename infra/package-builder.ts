import * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "./foundation";
import { Alarm } from "./parts/alarm";
import { toolRevision } from "./parts/handler-code";
import type { FunctionDefaults, FunctionSettings, LambdaFunction, Trial } from "./parts/lambda-function";
import type { HttpApi } from "./parts/http-api";
import { NodeFunction } from "./parts/node-function";
import { Schedule, type ScheduleExpression } from "./parts/schedule";
import { Secret } from "./parts/secret";
import { ToolFunction, type ToolSource } from "./parts/tool-function";

export interface PackageBuilderArgs {
  readonly foundation: Foundation;
  readonly functions: FunctionDefaults;
  /** Where the index is served. */
  readonly api: HttpApi;
  readonly visibility: "private" | "public";
  /** Specs handled at one time; 0 sets no limit. */
  readonly concurrency: number;
  /** New versions that are being tried. */
  readonly trials: { readonly handle?: Trial; readonly build?: Trial };
  readonly architecture: string;
  /** Where the tool functions run. */
  readonly toolSource: (which: PackageTool) => ToolSource;
  /** When the canary runs; absent where schedules are off. */
  readonly canarySchedule?: ScheduleExpression;
  readonly retainData: boolean;
}

/** The functions that run Python. */
export const PACKAGE_TOOLS = ["build", "canary"] as const;
export type PackageTool = (typeof PACKAGE_TOOLS)[number];

/** The newest that OpenAlchemy is known to work on; what it builds is for any Python. */
const PYTHON = "3.13";
/** Folder of the image that the tools run in, and the files in it that decide what a package is. */
const IMAGE = "builder";
const PROGRAMS = /\.py$|^package-requirements\.txt$/;
/** Lambda allows 15 minutes at most; whoever handles a spec waits for the build, and may build again. */
const HANDLE_SECONDS = 900;
const BUILD_SECONDS = 300;
const CANARY_SECONDS = 600;
/** Lambda gives processor by memory; this is one. */
const ONE_PROCESSOR_MEGABYTES = 1769;

type OwnSettings = Omit<FunctionSettings, keyof FunctionDefaults>;

/** Turns OpenAPI specs that land in a bucket into Python packages beside them, and serves these as an index for pip. */
export class PackageBuilder extends pulumi.ComponentResource {
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
    private readonly args: PackageBuilderArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("strata:service:PackageBuilder", partName, {}, opts);
    const { packages } = args.foundation;
    this.handler = this.handle(this.build());
    const specs = packages.announceChanges(`${partName}-specs`, { suffix: "-spec.json" });
    specs.onMessage(`${partName}-specs`, this.handler);
    this.failures = this.handler.keepFailedEvents().url;
    const users = new Secret(
      `${partName}-users`,
      { retain: args.retainData, initially: (password) => ({ pip: { password, subs: ["*"] } }) },
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
      ...trialOf(this.args.trials.build),
      timeoutSeconds: BUILD_SECONDS,
      memoryMegabytes: ONE_PROCESSOR_MEGABYTES,
    });
  }

  private handle(builder: LambdaFunction): LambdaFunction {
    const { table, packages } = this.args.foundation;
    const { trials, concurrency } = this.args;
    return this.node("handle", {
      can: [
        table.read(),
        table.write(),
        packages.read("*"),
        packages.write("*"),
        packages.remove("*"),
        packages.listAll(),
        builder.invoke(),
      ],
      environment: {
        TABLE_NAME: table.name,
        PACKAGES_BUCKET: packages.name,
        PACKAGE_BUILDER: builder.arn,
        PACKAGE_BUILDER_REVISION: revisionOf(trials.build),
      },
      released: true,
      ...trialOf(trials.handle),
      ...(concurrency === 0 ? {} : { concurrency }),
      timeoutSeconds: HANDLE_SECONDS,
      memoryMegabytes: 512,
    });
  }

  private index(users: Secret): pulumi.Output<string> {
    const { table, packages } = this.args.foundation;
    const index = this.node("index", {
      // It signs addresses of objects, and an address can do what its signer may.
      can: [table.read(), packages.read("*"), users.read()],
      environment: {
        TABLE_NAME: table.name,
        PACKAGES_BUCKET: packages.name,
        INDEX_SECRET: users.arn,
        INDEX_VISIBILITY: this.args.visibility,
      },
      timeoutSeconds: 15,
      memoryMegabytes: 512,
    });
    this.args.api.onRequest(`${this.partName}-index`, "ANY", "/packages/{path+}", index);
    return pulumi.interpolate`${this.args.api.url}/packages`;
  }

  /** Runs only packages of our own specs, and so may have a corner of the bucket. */
  private canaryOf(users: Secret): LambdaFunction {
    const { packages } = this.args.foundation;
    const canary = this.tool("canary", {
      can: [
        packages.read("canary/*"),
        packages.write("canary/*"),
        packages.remove("canary/*"),
        packages.list("canary/*"),
        users.read(),
      ],
      environment: { PACKAGES_BUCKET: packages.name, INDEX_URL: this.url, INDEX_SECRET: users.arn },
      timeoutSeconds: CANARY_SECONDS,
      memoryMegabytes: 512,
    });
    new Alarm(
      `${this.partName}-canary`,
      {
        notify: this.args.functions.notify,
        description:
          "The package canary failed: its log says at which step. Run it by ./strata canary packages.",
        metric: "AWS/Lambda Errors",
        dimensions: { FunctionName: canary.functionName },
        statistic: "Sum",
      },
      { parent: this },
    );
    if (this.args.canarySchedule !== undefined) {
      new Schedule(
        `${this.partName}-canary-schedule`,
        // The next one makes up for it, and the alarm has told: what would a message in a queue be for?
        { when: this.args.canarySchedule, runs: canary, failed: "dropped" },
        { parent: this },
      );
    }
    return canary;
  }

  private node(which: string, settings: OwnSettings): LambdaFunction {
    return new NodeFunction(
      `${this.partName}-${which}`,
      { ...this.args.functions, entry: `packages/${which}`, ...settings },
      { parent: this },
    );
  }

  private tool(which: PackageTool, settings: OwnSettings): LambdaFunction {
    return new ToolFunction(
      `${this.partName}-${which}`,
      {
        ...this.args.functions,
        entry: `packages/${which}`,
        image: IMAGE,
        stage: "packages",
        python: PYTHON,
        architecture: this.args.architecture,
        source: this.args.toolSource(which),
        ...settings,
      },
      { parent: this },
    );
  }
}

/** While a new version is tried nobody knows which one built a package: what comes of that time is built anew after it. */
function revisionOf(trial: Trial | undefined): string {
  const newest = toolRevision(IMAGE, "packages/build", PROGRAMS);
  return trial === undefined ? newest : `${newest} beside ${trial.stableVersion}`;
}

const trialOf = (trial: Trial | undefined): { trial?: Trial } => (trial === undefined ? {} : { trial });
