import { expect } from "chai";
import { catalogEntities } from "../../../../runtime/catalog/entities";
import { layerEntities } from "../../../../runtime/layers/entities/entities";
import { partitionEntities } from "../../../../runtime/partitions/table/entities";
import { specEntities } from "../../../../runtime/specs/entities";
import { leaseEntity } from "../../../../runtime/shared/table/lease";
import { openTable } from "../../../../runtime/shared/table/open-table";
import { tableDefinition } from "../../../../runtime/contracts/table";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

describe("tableDefinition", () => {
  it("has every key and index that the entities write, and no other", () => {
    const table = openTable(new DynamoDBClient({ region: "us-east-1" }), "t");
    const entities = [
      ...[catalogEntities(table), layerEntities(table), partitionEntities(table), specEntities(table)],
      { lease: leaseEntity(table) },
    ].flatMap((some) => Object.values<{ readonly schema: { readonly indexes: object } }>(some));
    const indexes = entities.flatMap(
      ({ schema }) =>
        Object.values(schema.indexes) as {
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
