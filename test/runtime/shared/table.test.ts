import { expect } from "chai";
import { openTable } from "../../../runtime/shared/model/service";
import { tableDefinition } from "../../../runtime/shared/model/table";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

describe("tableDefinition", () => {
  it("has every key and index that the entities write, and no other", () => {
    const { entities } = openTable(new DynamoDBClient({ region: "us-east-1" }), "t");
    const indexes = Object.values(entities).flatMap(
      (entity) =>
        Object.values(entity.schema.indexes) as {
          index?: string;
          pk: { field: string };
          sk: { field: string };
        }[],
    );
    const used = new Set(indexes.flatMap(({ pk, sk }) => [pk.field, sk.field]));
    expect([...used].sort()).to.deep.equal(tableDefinition.attributes.map(({ name }) => name).sort());
    for (const { index, pk, sk } of indexes) {
      const known = tableDefinition.indexes.find(({ name }) => name === index);
      const keys = known === undefined ? ["pk", "sk"] : [known.partitionKey, known.sortKey];
      expect([pk.field, sk.field]).to.deep.equal(keys);
    }
  });
});
