import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { leaseEntity } from "../../../../runtime/shared/table/lease";
import { openTable, type Table } from "../../../../runtime/shared/table/open-table";
import { tableDefinition } from "../../../../runtime/contracts/table";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

const RUNTIME = join(__dirname, "../../../../runtime");

/** As far as this test looks at an entity. */
interface Entity {
  readonly schema: {
    readonly indexes: Readonly<
      Record<string, { index?: string; pk: { field: string }; sk: { field: string } }>
    >;
  };
}
type EntitiesOf = (table: Table) => Readonly<Record<string, Entity>>;

/** What each service's `entities.ts` declares over the table: its exports are called `...Entities`. */
function serviceEntities(): readonly EntitiesOf[] {
  const files = readdirSync(RUNTIME, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /(^|\/)entities\.ts$/.test(file))
    .flatMap((file) => {
      const declared = module.require(join(RUNTIME, file)) as Readonly<Record<string, EntitiesOf>>;
      return Object.entries(declared).flatMap(([name, value]) => (name.endsWith("Entities") ? [value] : []));
    });
}

describe("tableDefinition", () => {
  it("has every key and index that the entities of the services write, and no other", () => {
    const table = openTable(new DynamoDBClient({ region: "us-east-1" }), "t");
    const services = serviceEntities();
    expect(services.length).to.be.greaterThan(3);
    const entities = services.flatMap((entitiesOf) => Object.values(entitiesOf(table)));
    const indexes = [...entities, leaseEntity(table) as Entity].flatMap(({ schema }) =>
      Object.values(schema.indexes),
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
