import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../parts/grant";

export interface LakeArgs {
  /** Names of databases, with `*` for any part. Never empty. */
  readonly databases: readonly string[];
  /** Names of buckets, with `*` for any part. */
  readonly buckets: readonly string[];
  /** Account of the catalog; empty for the stack's own. */
  readonly catalogId: string;
  /** The region of the catalog. */
  readonly region: string;
}

/** What the partition manager may do with a data lake that isn't ours: some databases of a Glue catalog, some buckets. */
export class Lake {
  private readonly partition: pulumi.Output<string>;
  private readonly account: pulumi.Output<string>;

  constructor(
    private readonly args: LakeArgs,
    parent: pulumi.Resource,
  ) {
    this.partition = aws.getPartitionOutput({}, { parent }).partition;
    this.account =
      args.catalogId === ""
        ? aws.getCallerIdentityOutput({}, { parent }).accountId
        : pulumi.output(args.catalogId);
  }

  /** Lets somebody see which databases there are, and the tables of those that are ours to look after. */
  survey(): Grant[] {
    return [
      // Glue wants leave for every database before it lists any.
      { actions: ["glue:GetDatabases"], resources: [this.glue("catalog"), this.glue("database/*")] },
      this.onTables("glue:GetTables"),
    ];
  }

  /** Lets somebody see the folders of the buckets. Nobody may read an object. */
  list(): Grant[] {
    if (this.args.buckets.length === 0) return [];
    const resources = this.args.buckets.map(
      (bucket) => pulumi.interpolate`arn:${this.partition}:s3:::${bucket}`,
    );
    return [{ actions: ["s3:ListBucket"], resources }];
  }

  /** Lets somebody make the partitions of tables what they should be. */
  sync(): Grant {
    return this.onTables(
      "glue:GetTable",
      "glue:GetPartitions",
      "glue:BatchGetPartition",
      "glue:BatchCreatePartition",
      "glue:BatchUpdatePartition",
      "glue:BatchDeletePartition",
      "glue:GetPartitionIndexes",
      "glue:CreatePartitionIndex",
    );
  }

  /** Lets somebody see a table's partitions, and change what it says of itself. */
  describe(): Grant {
    return this.onTables("glue:GetTable", "glue:GetPartitions", "glue:UpdateTable");
  }

  /** Glue asks for leave on a table, its database and the catalog at once. */
  private onTables(...actions: `glue:${string}`[]): Grant {
    const resources = this.args.databases.flatMap((database) => [
      this.glue(`database/${database}`),
      this.glue(`table/${database}/*`),
    ]);
    return { actions, resources: [this.glue("catalog"), ...resources] };
  }

  private glue(resource: string): pulumi.Output<string> {
    return pulumi.interpolate`arn:${this.partition}:glue:${this.args.region}:${this.account}:${resource}`;
  }
}
