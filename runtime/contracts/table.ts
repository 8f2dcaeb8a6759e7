/** A secondary index with all attributes projected. */
interface TableIndex {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** Keys (all strings) and indexes of a table; `timeToLive` names the attribute that holds epoch seconds. */
export interface TableDefinition {
  readonly attributes: readonly { readonly name: string; readonly type: "S" }[];
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly indexes: readonly TableIndex[];
  readonly timeToLive: string;
}

/** What the stage's table is. */
export const tableDefinition = {
  attributes: [
    { name: "pk", type: "S" },
    { name: "sk", type: "S" },
    { name: "gsi1pk", type: "S" },
    { name: "gsi1sk", type: "S" },
    { name: "gsi2pk", type: "S" },
    { name: "gsi2sk", type: "S" },
  ],
  partitionKey: "pk",
  sortKey: "sk",
  indexes: [
    { name: "gsi1", partitionKey: "gsi1pk", sortKey: "gsi1sk" },
    { name: "gsi2", partitionKey: "gsi2pk", sortKey: "gsi2sk" },
  ],
  timeToLive: "expires",
} as const satisfies TableDefinition;
