/**
 * The one table, as plain data: whoever creates it needs no code of ours to know its keys.
 */

/** A secondary index with all attributes projected. */
export interface TableIndex {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** Keys (all strings) and indexes of the table; `timeToLive` names the attribute that holds epoch seconds. */
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
} as const satisfies {
  readonly attributes: readonly { readonly name: string; readonly type: "S" }[];
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly indexes: readonly TableIndex[];
  readonly timeToLive: string;
};
