import { expect } from "chai";
import { exampleTables } from "../../../tasks/partitions/example-tables";

describe("the example lake", () => {
  const tables = exampleTables(new Date("2026-03-01T05:00:00Z"));

  it("has six tables of different layouts in three raw databases", () => {
    expect(tables).to.have.lengthOf(6);
    const databases = new Set(tables.map(({ database }) => database));
    expect(databases.size).to.equal(3);
    expect([...databases].every((name) => name.endsWith("_raw"))).to.equal(true);
    expect(new Set(tables.map(({ prefix }) => prefix)).size).to.equal(6);
  });

  it("has partitions of today and the days before, and older ones", () => {
    const [orders] = tables;
    expect([...(orders?.recent ?? [])]).to.deep.equal([
      ["year=2026/month=03/day=01/", ["2026", "03", "01"]],
      ["year=2026/month=02/day=28/", ["2026", "02", "28"]],
      ["year=2026/month=02/day=27/", ["2026", "02", "27"]],
    ]);
    expect([...(orders?.old.keys() ?? [])]).to.deep.equal(["year=2026/month=01/day=20/"]);
  });

  it("has as many values for each partition as the table has keys", () => {
    for (const { table, keys, recent, old } of tables) {
      expect(recent.size, table).to.be.greaterThan(2);
      for (const values of [...recent.values(), ...old.values()]) {
        expect(values, table).to.have.lengthOf(keys.length);
      }
    }
  });
});
