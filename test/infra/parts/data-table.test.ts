import { expect } from "chai";
import { tableDefinition } from "../../../runtime/contracts/table";
import { DataTable } from "../../../infra/parts/data-table";
import { allowedBy, recordComponent } from "../recorded-component";
import { named, placesOf } from "../recorded-queries";
import { type RecordedResource, arnOf } from "../recorded-resources";

const TABLE = "aws:dynamodb/table:Table";

describe("a data table", () => {
  let table: DataTable;
  const recordTable = (retain: boolean): Promise<RecordedResource[]> =>
    recordComponent(() => {
      table = new DataTable("data", { retain, definition: tableDefinition });
    });

  it("is paid by request, encrypted, recoverable, and has the keys and indexes of its definition", async () => {
    const resources = await recordTable(false);
    expect(placesOf(resources)).to.deep.equal([
      `${TABLE} data in data`,
      "strata:part:DataTable data in the stack",
    ]);
    expect(named(resources, TABLE, "data").inputs).to.deep.equal({
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      rangeKey: "sk",
      attributes: ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk"].map((name) => ({ name, type: "S" })),
      globalSecondaryIndexes: [
        { name: "gsi1", hashKey: "gsi1pk", rangeKey: "gsi1sk", projectionType: "ALL" },
        { name: "gsi2", hashKey: "gsi2pk", rangeKey: "gsi2sk", projectionType: "ALL" },
      ],
      ttl: { enabled: true, attributeName: "expires" },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: false,
    });
  });

  it("is protected and kept where data is retained", async () => {
    for (const retain of [true, false]) {
      const { inputs, protect, retainOnDelete } = named(await recordTable(retain), TABLE, "data");
      expect([inputs["deletionProtectionEnabled"], protect, retainOnDelete]).to.deep.equal([
        retain,
        retain,
        retain,
      ]);
    }
  });

  it("grants reading by key and index but no scan, and writing of the table alone", async () => {
    await recordTable(false);
    const arn = arnOf(TABLE, "data") ?? "";
    expect(await allowedBy(table.read())).to.deep.equal([
      {
        actions: ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
        resources: [arn, `${arn}/index/*`],
      },
    ]);
    expect(await allowedBy(table.write())).to.deep.equal([
      {
        actions: [
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
          "dynamodb:BatchWriteItem",
          "dynamodb:ConditionCheckItem",
        ],
        resources: [arn],
      },
    ]);
  });
});
