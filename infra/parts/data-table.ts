import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TableDefinition } from "../../runtime/contracts/table";
import type { Grant } from "./grant";

export interface DataTableArgs {
  /** Keep the table when the program no longer declares it, and refuse to delete it. */
  readonly retain: boolean;
  /** Its keys and indexes. */
  readonly definition: TableDefinition;
}

/** A DynamoDB table, paid by request: encrypted, with point-in-time recovery, and items that expire. */
export class DataTable extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: DataTableArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:DataTable", name, {}, opts);
    const { attributes, partitionKey, sortKey, indexes, timeToLive } = args.definition;
    const table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: partitionKey,
        rangeKey: sortKey,
        attributes: attributes.map((attribute) => ({ ...attribute })),
        globalSecondaryIndexes: indexes.map((index) => ({
          name: index.name,
          hashKey: index.partitionKey,
          rangeKey: index.sortKey,
          projectionType: "ALL",
        })),
        ttl: { enabled: true, attributeName: timeToLive },
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
