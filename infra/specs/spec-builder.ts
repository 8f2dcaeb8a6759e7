import * as pulumi from "@pulumi/pulumi";
import { canaryEnvironment, handleEnvironment, packageIndexEnvironment } from "../../runtime/contracts/specs";
import type { Foundation } from "../foundation";
import { Alarm } from "../parts/alarm";
import { DataBucket } from "../parts/data-bucket";
import { toolRevision } from "../parts/handler-code";
import type { HttpApi } from "../parts/http-api";
import type { LambdaFunction, Rollout, ServiceDefaults } from "../parts/lambda-function";
import { Schedule, type ScheduleExpression } from "../parts/schedule";
import { Secret } from "../parts/secret";
import { ServiceFunctions } from "../parts/service-functions";
import type { ToolSource } from "../parts/tool-function";

export interface SpecBuilderArgs {
  readonly foundation: Pick<Foundation, "table" | "data">;
  readonly functions: ServiceDefaults;
  /** Serves the package index at `/packages`. */
  readonly api: HttpApi;
  /** Whether the package index asks for a user and a password. */
  readonly visibility: "private" | "public";
  /** How many specs are handled at the same time; 0 sets no limit. */
  readonly concurrency: number;
  /** New versions that are being rolled out. */
  readonly rollouts: { readonly handle?: Rollout; readonly build?: Rollout };
  readonly architecture: string;
  /** Where the tool functions run. */
  readonly toolSource: (which: "build" | "canary") => ToolSource;
  /** @default the canary runs only when it is invoked */
  readonly canarySchedule?: ScheduleExpression;
}

/** The newest Python that OpenAlchemy is known to work on. The built packages are for any Python. */
const PYTHON = "3.13";
/** Folder of the tool functions' image, and the files in it that decide which bytes a package has. */
const IMAGE = "builder";
const PROGRAMS = /\.py$|^spec-requirements\.txt$/;
/** Lambda's maximum: the function waits for a build, and may build again. */
const HANDLE_SECONDS = 900;
const BUILD_SECONDS = 300;
const CANARY_SECONDS = 600;
/** Lambda gives processor time in proportion to memory; this much gives one processor. */
const ONE_PROCESSOR_MEGABYTES = 1769;

/** Builds Python packages from the OpenAPI specs in a bucket, and serves them as a package index for pip. */
export class SpecBuilder extends pulumi.ComponentResource {
  /** The specs, with their packages beside them. */
  readonly bucket: DataBucket;
  /** The function that handles a spec. It takes what SNS sends. */
  readonly handler: LambdaFunction;
  /** URL of the queue with the events that could not be delivered or handled. */
  readonly deadLetterQueue: pulumi.Output<string>;
  /** Base address of the package index, without a trailing slash. */
  readonly packageIndexUrl: pulumi.Output<string>;
  /** ARN of the secret with the users of the package index. */
  readonly packageIndexSecret: pulumi.Output<string>;
  /** Name of the function that tests the whole service. */
  readonly canary: pulumi.Output<string>;
  private readonly functions: ServiceFunctions;

  constructor(
    private readonly partName: string,
    private readonly args: SpecBuilderArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("strata:service:SpecBuilder", partName, {}, opts);
    const { data } = args.foundation;
    this.functions = new ServiceFunctions(partName, {
      service: "specs",
      defaults: args.functions,
      parent: this,
    });
    this.bucket = new DataBucket(`${partName}-bucket`, { ...data, versioned: true }, { parent: this });
    this.handler = this.createHandler(this.createBuilder());
    const changes = this.bucket.announceChanges(`${partName}-changed`, { suffix: "-spec.json" });
    changes.onMessage(`${partName}-changed`, this.handler);
    this.deadLetterQueue = this.handler.keepFailedEvents().url;
    const users = new Secret(
      `${partName}-users`,
      { retain: data.retain, initially: (password) => ({ pip: { password, owners: ["*"] } }) },
      { parent: this },
    );
    this.packageIndexSecret = users.arn;
    this.packageIndexUrl = this.createPackageIndex(users);
    this.canary = this.createCanary(users).functionName;
    this.registerOutputs({ packageIndexUrl: this.packageIndexUrl });
  }

  /** It runs code made from strangers' specs, so it may reach nothing: the spec is in the event, the packages are in the answer. */
  private createBuilder(): LambdaFunction {
    return this.functions.tool("build", {
      ...this.toolSettings("build"),
      released: true,
      ...rolloutOf(this.args.rollouts.build),
      timeoutSeconds: BUILD_SECONDS,
      memoryMegabytes: ONE_PROCESSOR_MEGABYTES,
    });
  }

  private createHandler(builder: LambdaFunction): LambdaFunction {
    const { foundation, rollouts, concurrency } = this.args;
    const { table } = foundation;
    return this.functions.node("handle", {
      reads: handleEnvironment,
      can: [
        table.read(),
        table.write(),
        this.bucket.read("*"),
        this.bucket.write("*"),
        this.bucket.remove("*"),
        this.bucket.listAll(),
        builder.invoke(),
      ],
      environment: {
        TABLE_NAME: table.name,
        SPECS_BUCKET: this.bucket.name,
        SPEC_BUILDER: builder.arn,
        SPEC_BUILDER_REVISION: builderRevision(rollouts.build),
      },
      released: true,
      ...rolloutOf(rollouts.handle),
      ...(concurrency === 0 ? {} : { concurrency }),
      timeoutSeconds: HANDLE_SECONDS,
      memoryMegabytes: 512,
    });
  }

  private createPackageIndex(users: Secret): pulumi.Output<string> {
    const { api, foundation, visibility } = this.args;
    const packageIndex = this.functions.node("package-index", {
      reads: packageIndexEnvironment,
      // A signed address allows what the function that signed it may do.
      can: [foundation.table.read(), this.bucket.read("*"), users.read()],
      environment: {
        TABLE_NAME: foundation.table.name,
        SPECS_BUCKET: this.bucket.name,
        PACKAGE_INDEX_SECRET: users.arn,
        PACKAGE_INDEX_VISIBILITY: visibility,
      },
      timeoutSeconds: 15,
      memoryMegabytes: 512,
    });
    api.onRequest(`${this.partName}-package-index`, "ANY", "/packages/{path+}", packageIndex);
    return pulumi.interpolate`${api.url}/packages`;
  }

  /** It runs only packages of our own specs, so it may reach one folder of the bucket. */
  private createCanary(users: Secret): LambdaFunction {
    const canary = this.functions.tool("canary", {
      ...this.toolSettings("canary"),
      reads: canaryEnvironment,
      can: [
        this.bucket.read("canary/*"),
        this.bucket.write("canary/*"),
        this.bucket.remove("canary/*"),
        this.bucket.list("canary/*"),
        users.read(),
      ],
      environment: {
        SPECS_BUCKET: this.bucket.name,
        PACKAGE_INDEX_URL: this.packageIndexUrl,
        PACKAGE_INDEX_SECRET: users.arn,
      },
      timeoutSeconds: CANARY_SECONDS,
      memoryMegabytes: 512,
    });
    new Alarm(
      `${this.partName}-canary`,
      {
        notify: this.args.functions.notify,
        description:
          "The canary of specs failed: users can't build or install packages either. Its log shows the failed step. " +
          "Run it again with ./strata specs canary.",
        metric: "AWS/Lambda Errors",
        dimensions: { FunctionName: canary.functionName },
        statistic: "Sum",
      },
      { parent: this },
    );
    if (this.args.canarySchedule !== undefined) {
      new Schedule(
        `${this.partName}-canary-schedule`,
        // Nobody needs a failed event: the alarm has told of the failure, and the canary runs again soon.
        { when: this.args.canarySchedule, runs: canary, failed: "dropped" },
        { parent: this },
      );
    }
    return canary;
  }

  private toolSettings(which: "build" | "canary") {
    const { architecture, toolSource } = this.args;
    return { image: IMAGE, stage: "specs", python: PYTHON, architecture, source: toolSource(which) };
  }
}

/** During a rollout either version may have built a package, and nobody knows which: after it, those packages are built again. */
function builderRevision(rollout: Rollout | undefined): string {
  const newest = toolRevision(IMAGE, "specs/build", PROGRAMS);
  return rollout === undefined ? newest : `${newest} beside ${rollout.stableVersion}`;
}

function rolloutOf(rollout: Rollout | undefined): { rollout?: Rollout } {
  return rollout === undefined ? {} : { rollout };
}
