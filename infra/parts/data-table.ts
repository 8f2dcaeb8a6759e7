import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./grant";

export interface DataTableArgs {
  /** Keep the table when the program no longer declares it, and refuse to delete it. */
  readonly retain: boolean;
  /** How many secondary indexes (`gsi1`, `gsi2`, ...), each over `<index>pk` and `<index>sk`. */
  readonly indexes: number;
}

/** A DynamoDB table, paid by request: encrypted, with point-in-time recovery, keys `pk` and `sk`, expiry by `expires`. */
export class DataTable extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: DataTableArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:DataTable", name, {}, opts);
    const indexes = Array.from({ length: args.indexes }, (_, i) => `gsi${i + 1}`);
    const keys = ["pk", "sk", ...indexes.flatMap((index) => [`${index}pk`, `${index}sk`])];
    const table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "pk",
        rangeKey: "sk",
        attributes: keys.map((key) => ({ name: key, type: "S" })),
        globalSecondaryIndexes: indexes.map((index) => ({
          name: index,
          hashKey: `${index}pk`,
          rangeKey: `${index}sk`,
          projectionType: "ALL",
        })),
        ttl: { enabled: true, attributeName: "expires" },
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: args.retain,
      },
      { parent: this, protect: args.retain, retainOnDelete: args.retain },
    );
    this.name = table.name;
    this.arn = table.arn;
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  /** Allows getting and querying items, by the table and its indexes, but not scanning. */
  read(): Grant {
    return {
      actions: ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
      resources: [this.arn, pulumi.interpolate`${this.arn}/index/*`],
    };
  }

  /** Allows putting, updating and deleting items: single ones, in batches and in transactions. */
  write(): Grant {
    return {
      actions: [
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:ConditionCheckItem",
      ],
      resources: [this.arn],
    };
  }
}
