import * as pulumi from "@pulumi/pulumi";
import {
  CANARY_OWNER,
  PACKAGES_PATH,
  SPEC_SUFFIX,
  canaryEnvironment,
  handleEnvironment,
  packageIndexEnvironment,
} from "../../runtime/contracts/specs";
import { Alarm } from "../parts/alarm";
import { DataBucket } from "../parts/data-bucket";
import { toolRevision } from "../parts/handler-code";
import type { LambdaFunction, Rollout } from "../parts/lambda-function";
import { Schedule, type ScheduleExpression } from "../parts/schedule";
import { Secret } from "../parts/secret";
import { ServiceFunctions } from "../parts/service-functions";
import type { Shared } from "../shared";

export interface SpecBuilderArgs extends Pick<
  Shared,
  "foundation" | "functions" | "api" | "architectures" | "schedules" | "toolSource"
> {
  /** Whether the package index asks for a user and a password. */
  readonly packageIndexVisibility: "private" | "public";
  /** How many specs are handled at the same time; 0 sets no limit. */
  readonly specConcurrency: number;
  /** New versions that are being rolled out. */
  readonly specRollout: { readonly handle?: Rollout; readonly build?: Rollout };
  /** When the canary runs. */
  readonly specCanarySchedule: ScheduleExpression;
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
  readonly outputs: Readonly<
    Record<
      "bucket" | "handler" | "deadLetterQueue" | "canary" | "packageIndexUrl" | "packageIndexSecret",
      pulumi.Output<string>
    >
  >;
  /** The specs, with their packages beside them. */
  private readonly bucket: DataBucket;
  private readonly packageIndexUrl: pulumi.Output<string>;
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
    const handler = this.createHandler(this.createBuilder());
    const changes = this.bucket.announceChanges(`${partName}-changed`, { suffix: SPEC_SUFFIX });
    changes.onMessage(`${partName}-changed`, handler);
    const users = new Secret(
      `${partName}-users`,
      { retain: data.retain, initially: (password) => ({ pip: { password, owners: ["*"] } }) },
      { parent: this },
    );
    this.packageIndexUrl = this.createPackageIndex(users);
    this.outputs = {
      bucket: this.bucket.name,
      handler: handler.arn,
      deadLetterQueue: handler.keepFailedEvents().url,
      canary: this.createCanary(users).functionName,
      packageIndexUrl: this.packageIndexUrl,
      packageIndexSecret: users.arn,
    };
    this.registerOutputs(this.outputs);
  }

  /** It runs code made from strangers' specs, so it may reach nothing: the spec is in the event, the packages are in the answer. */
  private createBuilder(): LambdaFunction {
    return this.functions.tool("build", {
      ...this.toolSettings("build"),
      released: true,
      ...rolloutOf(this.args.specRollout.build),
      timeoutSeconds: BUILD_SECONDS,
      memoryMegabytes: ONE_PROCESSOR_MEGABYTES,
    });
  }

  private createHandler(builder: LambdaFunction): LambdaFunction {
    const { specRollout, specConcurrency } = this.args;
    const { table } = this.args.foundation;
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
        SPEC_BUILDER_REVISION: builderRevision(specRollout.build),
      },
      released: true,
      ...rolloutOf(specRollout.handle),
      ...(specConcurrency === 0 ? {} : { concurrency: specConcurrency }),
      timeoutSeconds: HANDLE_SECONDS,
      memoryMegabytes: 512,
    });
  }

  private createPackageIndex(users: Secret): pulumi.Output<string> {
    const { api, foundation, packageIndexVisibility } = this.args;
    const packageIndex = this.functions.node("package-index", {
      reads: packageIndexEnvironment,
      // A signed address allows what the function that signed it may do.
      can: [foundation.table.read(), this.bucket.read("*"), users.read()],
      environment: {
        TABLE_NAME: foundation.table.name,
        SPECS_BUCKET: this.bucket.name,
        PACKAGE_INDEX_SECRET: users.arn,
        PACKAGE_INDEX_VISIBILITY: packageIndexVisibility,
      },
      timeoutSeconds: 15,
      memoryMegabytes: 512,
    });
    api.onRequest(`${this.partName}-package-index`, "ANY", `${PACKAGES_PATH}/{path+}`, packageIndex);
    return pulumi.interpolate`${api.url}${PACKAGES_PATH}`;
  }

  /** It runs only packages of our own specs, so it may reach one folder of the bucket. */
  private createCanary(users: Secret): LambdaFunction {
    const own = `${CANARY_OWNER}/*`;
    const canary = this.functions.tool("canary", {
      ...this.toolSettings("canary"),
      reads: canaryEnvironment,
      can: [
        this.bucket.read(own),
        this.bucket.write(own),
        this.bucket.remove(own),
        this.bucket.list(own),
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
    if (this.args.schedules) {
      new Schedule(
        `${this.partName}-canary-schedule`,
        // Nobody needs a failed event: the alarm has told of the failure, and the canary runs again soon.
        { when: this.args.specCanarySchedule, runs: canary, failed: "dropped" },
        { parent: this },
      );
    }
    return canary;
  }

  private toolSettings(which: "build" | "canary") {
    const { architectures, toolSource } = this.args;
    return {
      image: IMAGE,
      stage: "specs",
      python: PYTHON,
      architecture: architectures[0] ?? "x86_64",
      source: toolSource(`specs-${which}`),
    };
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
