import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../parts/grant";

export interface LakeArgs {
  /** Names of databases; `*` stands for any text. Never empty. */
  readonly databases: readonly string[];
  /** Names of buckets; `*` stands for any text. */
  readonly buckets: readonly string[];
  /** The account that owns the Glue catalog; empty for the stack's own account. */
  readonly catalogId: string;
  /** The region of the catalog. */
  readonly region: string;
}

/** Somebody else's data lake: some databases of a Glue catalog, and some buckets. Each method grants one kind of access to it. */
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

  /** Allows to list all databases of the catalog, and the tables of our databases. */
  survey(): Grant[] {
    return [
      // Glue lists databases only for a role that may see all of them.
      { actions: ["glue:GetDatabases"], resources: [this.glue("catalog"), this.glue("database/*")] },
      this.onTables("glue:GetTables"),
    ];
  }

  /** Allows to list the buckets. It does not allow to read an object. */
  list(): Grant[] {
    if (this.args.buckets.length === 0) return [];
    const resources = this.args.buckets.map(
      (bucket) => pulumi.interpolate`arn:${this.partition}:s3:::${bucket}`,
    );
    return [{ actions: ["s3:ListBucket"], resources }];
  }

  /** Allows to read tables and to change their partitions and partition indexes. */
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

  /** Allows to read tables and their partitions, and to change the tables' parameters. */
  advise(): Grant {
    return this.onTables("glue:GetTable", "glue:GetPartitions", "glue:UpdateTable");
  }

  /** For an action on a table, Glue also checks the permission on its database and on the catalog. */
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
