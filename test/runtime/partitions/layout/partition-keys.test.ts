import { expect } from "chai";
import { identityOf, typeErrorOf, NULL_VALUE } from "../../../../runtime/partitions/layout/partition-keys";
import { keysOf } from "./partitioned";

describe("typeErrorOf", () => {
  for (const [key, fitting, others] of [
    ["n:int", ["0", "-7", "007", "2147483647"], ["x", "1.5", "2147483648", ""]],
    ["n:bigint", ["1763700000000"], ["9223372036854775808"]],
    ["d:date", ["2024-02-29"], ["2026-02-30", "20261121", "2026-1-1", "full"]],
    ["t:timestamp", ["2026-11-21 13:00:00", "2026-11-21 13:00:00.5"], ["2026-11-21", "2026-02-30 13:00:00"]],
    ["b:boolean", ["true", "FALSE"], ["yes"]],
    ["x:decimal(5,2)", ["1.25", "-3"], ["one"]],
    ["s:string", ["anything = / at all"], [""]],
  ] as const) {
    it(`knows the values of ${key}`, () => {
      const [column] = keysOf(key);
      if (column === undefined) throw new Error("no key");
      for (const value of [...fitting, NULL_VALUE])
        expect(typeErrorOf(column, value), value).to.equal(undefined);
      for (const value of others) expect(typeErrorOf(column, value), value).to.be.a("string");
    });
  }
});

describe("identityOf", () => {
  it("compares whole numbers as numbers and text as text", () => {
    const keys = keysOf("month:int", "code");
    expect(identityOf(keys, ["07", "07"])).to.equal(identityOf(keys, ["7", "07"]));
    expect(identityOf(keys, ["7", "07"])).to.not.equal(identityOf(keys, ["7", "7"]));
    expect(identityOf(keysOf("a", "b"), ["x", "yz"])).to.not.equal(identityOf(keysOf("a", "b"), ["xy", "z"]));
  });
});
