import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { secureBucket } from "./bucket-security";
import type { Grant } from "./grant";
import type { Invoker } from "./lambda-function";
import { type EventHandler, functionOf } from "./node-function";
import { Topic } from "./topic";

export interface DataBucketArgs {
  /** Keep the bucket when the program no longer declares it, and refuse to delete it. */
  readonly retain: boolean;
  /** Refuse requests without TLS. Off only where the endpoint has no TLS, as the emulator on loopback. */
  readonly tlsOnly: boolean;
  /** @default the stage's home region */
  readonly region?: string;
  /** Keep old versions of objects for 90 days. @default false */
  readonly versioned?: boolean;
  /** Prefixes whose objects S3 deletes, and after how many days. */
  readonly expire?: readonly { readonly prefix: string; readonly days: number }[];
}

export interface ObjectFilter {
  readonly prefix?: string;
  readonly suffix?: string;
}

const CREATED = "s3:ObjectCreated:*";
const REMOVED = "s3:ObjectRemoved:*";

/** A private, encrypted bucket. */
export class DataBucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  private readonly bucket: aws.s3.Bucket;
  private readonly ready: pulumi.Resource[];
  private subscribed = false;

  constructor(
    private readonly partName: string,
    private readonly args: DataBucketArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("strata:part:DataBucket", partName, {}, opts);
    this.bucket = new aws.s3.Bucket(partName, { forceDestroy: !args.retain, ...this.placed() }, this.kept());
    this.name = this.bucket.bucket;
    this.arn = this.bucket.arn;
    this.ready = secureBucket(
      partName,
      { bucket: this.bucket, tlsOnly: args.tlsOnly, ...this.placed() },
      this.kept(),
    );
    this.manageObjects();
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  /** Allows getting objects under a prefix such as `catalog/*`. */
  read(objects: string): Grant {
    return { actions: ["s3:GetObject"], resources: [this.objects(objects)] };
  }

  /** Allows putting objects under a prefix. */
  write(objects: string): Grant {
    return { actions: ["s3:PutObject"], resources: [this.objects(objects)] };
  }

  /** Allows deleting objects under a prefix. */
  remove(objects: string): Grant {
    return { actions: ["s3:DeleteObject"], resources: [this.objects(objects)] };
  }

  /** Allows listing all keys. With it S3 answers 404 for an object that doesn't exist, and not 403. */
  listAll(): Grant {
    return { actions: ["s3:ListBucket"], resources: [this.arn] };
  }

  /**
   * Allows listing the keys under some prefixes. Needed also to look for an object that may not exist: without it S3 answers
   * 403 instead of 404.
   */
  list(...prefixes: string[]): Grant {
    return {
      actions: ["s3:ListBucket"],
      resources: [this.arn],
      condition: { StringLike: { "s3:prefix": prefixes } },
    };
  }

  /**
   * Puts an object that comes with the program, such as a catalog file. It is put again when its content changes, or when the
   * `sourceHash` does, which may cover more than the content.
   */
  put(
    key: string,
    source: pulumi.asset.Asset,
    more: { readonly sourceHash?: string; readonly dependsOn?: pulumi.Resource[] } = {},
  ): pulumi.Resource {
    const { sourceHash, dependsOn = [] } = more;
    return new aws.s3.BucketObjectv2(
      `${this.partName}/${key}`,
      {
        bucket: this.name,
        key,
        source,
        ...(sourceHash === undefined ? {} : { sourceHash }),
        ...this.placed(),
      },
      { parent: this, dependsOn: [...this.ready, ...dependsOn] },
    );
  }

  /**
   * Calls the handler when an object is created.
   *
   * @returns what must exist before the handler is sure to be called.
   * @throws Error on a second subscription of the bucket.
   */
  onObjectCreated(name: string, handler: EventHandler, filter: ObjectFilter): pulumi.Resource {
    const target = functionOf(name, handler, this);
    target.keepFailedEvents();
    const permission = target.allow(name, this.invoker());
    const subscription = { events: [CREATED], ...filterArgs(filter) };
    return this.subscribe(name, permission, {
      lambdaFunctions: [{ lambdaFunctionArn: target.arn, ...subscription }],
    });
  }

  /**
   * Makes a topic that gets a message for each object that is created or removed.
   *
   * @throws Error on a second subscription of the bucket.
   */
  announceChanges(name: string, filter: ObjectFilter): Topic {
    const topic = new Topic(name, { tlsOnly: this.args.tlsOnly, from: this.invoker() }, { parent: this });
    const subscription = { events: [CREATED, REMOVED], ...filterArgs(filter) };
    this.subscribe(name, topic.ready, {
      topics: [{ topicArn: topic.arn, ...subscription }],
    });
    return topic;
  }

  /** S3 keeps one notification configuration a bucket, so a bucket has one subscription. */
  private subscribe(
    name: string,
    allowed: pulumi.Resource,
    to: Pick<aws.s3.BucketNotificationArgs, "lambdaFunctions" | "topics">,
  ): pulumi.Resource {
    if (this.subscribed)
      throw new Error(`bucket ${this.partName} already has its notification configuration`);
    this.subscribed = true;
    return new aws.s3.BucketNotification(
      name,
      { bucket: this.name, ...to, ...this.placed() },
      { parent: this, dependsOn: [allowed] },
    );
  }

  private invoker(): Invoker {
    const sourceAccount = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    return { principal: "s3.amazonaws.com", sourceArn: this.arn, sourceAccount };
  }

  private objects(pattern: string): pulumi.Output<string> {
    return pulumi.interpolate`${this.arn}/${pattern}`;
  }

  /** What protects a bucket is kept as long as the bucket. */
  private kept(): pulumi.CustomResourceOptions {
    return { parent: this, protect: this.args.retain, retainOnDelete: this.args.retain };
  }

  private placed(): { region?: string } {
    return this.args.region === undefined ? {} : { region: this.args.region };
  }

  private manageObjects(): void {
    const common = { bucket: this.name, ...this.placed() };
    const own = this.kept();
    const versioned = this.args.versioned ?? false;
    if (versioned) {
      new aws.s3.BucketVersioning(
        this.partName,
        { ...common, versioningConfiguration: { status: "Enabled" } },
        own,
      );
    }
    new aws.s3.BucketLifecycleConfiguration(
      this.partName,
      {
        ...common,
        rules: [
          {
            id: "abandoned-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
            ...(versioned
              ? {
                  noncurrentVersionExpiration: { noncurrentDays: 90 },
                  // A delete marker whose versions are all gone does nothing but slow down listings.
                  expiration: { expiredObjectDeleteMarker: true },
                }
              : {}),
          },
          ...(this.args.expire ?? []).map(({ prefix, days }) => ({
            id: `expire-${prefix.replace(/[^a-z]/g, "")}`,
            status: "Enabled",
            filter: { prefix },
            expiration: { days },
          })),
        ],
      },
      own,
    );
  }
}

function filterArgs({ prefix, suffix }: ObjectFilter): { filterPrefix?: string; filterSuffix?: string } {
  return {
    ...(prefix === undefined ? {} : { filterPrefix: prefix }),
    ...(suffix === undefined ? {} : { filterSuffix: suffix }),
  };
}
