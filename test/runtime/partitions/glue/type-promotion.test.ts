import { expect } from "chai";
import { cascadeProblem, isPromotion } from "../../../../runtime/partitions/glue/type-promotion";

describe("isPromotion", () => {
  for (const [from, to, isOne] of [
    ["int", "bigint", true],
    ["tinyint", "int", true],
    ["float", "double", true],
    ["decimal(10,2)", "decimal(12,2)", true],
    ["struct<a:int>", "struct<a:bigint, b:string>", true],
    ["array<struct<a:float>>", "array<struct<a:double>>", true],
    ["map<string,int>", "map<string,bigint>", true],
    ["struct<a:map<string,int>,b:int>", "struct<a:map<string,int>,b:int,c:decimal(3,1)>", true],
    ["string", "STRING", true],
    ["bigint", "int", false],
    ["int", "string", false],
    ["string", "date", false],
    ["decimal(10,2)", "decimal(10,3)", false],
    ["decimal(12,2)", "decimal(10,2)", false],
    ["struct<a:int,b:string>", "struct<a:int>", false],
    ["struct<a:int>", "struct<a:string>", false],
    ["map<string,int>", "map<int,int>", false],
    ["array<int>", "struct<a:int>", false],
  ] as const) {
    it(`${from} ${isOne ? "may" : "may not"} become ${to}`, () =>
      expect(isPromotion(from, to)).to.equal(isOne));
  }
});

describe("cascadeProblem", () => {
  const table = [
    { Name: "id", Type: "bigint" },
    { Name: "more", Type: "string" },
  ];

  it("accepts wider types and added columns", () => {
    expect(cascadeProblem([{ Name: "ID", Type: "int" }], table)).to.equal(undefined);
  });

  it("refuses columns with which old files could not be read", () => {
    expect(cascadeProblem([{ Name: "id", Type: "string" }], table)).to.equal(
      "id cannot be changed from string to bigint",
    );
    expect(cascadeProblem([{ Name: "gone", Type: "int" }], table)).to.include("no longer has a column gone");
  });
});
