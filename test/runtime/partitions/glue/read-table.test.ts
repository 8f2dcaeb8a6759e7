import { expect } from "chai";
import type { Table } from "@aws-sdk/client-glue";
import { partitionKeysOf, skipReason } from "../../../../runtime/partitions/glue/read-table";
import { keysOf } from "../layout/partitioned";

const table: Table = {
  Name: "events",
  TableType: "EXTERNAL_TABLE",
  PartitionKeys: [{ Name: "dt", Type: "string" }],
  StorageDescriptor: { Location: "s3://lake/raw/events/" },
};

describe("skipReason", () => {
  it("is undefined for a table of files in S3", () => {
    expect(skipReason(table)).to.equal(undefined);
    expect(
      skipReason({ ...table, Parameters: { classification: "parquet", "projection.enabled": "false" } }),
    ).to.equal(undefined);
  });

  for (const [name, change, reason] of [
    ["a view", { TableType: "VIRTUAL_VIEW" }, "a view"],
    ["a view of Athena", { Parameters: { presto_view: "true" } }, "a view"],
    ["a link", { TargetTable: { DatabaseName: "other" } }, "a link"],
    ["Iceberg", { Parameters: { table_type: "ICEBERG" } }, "iceberg"],
    ["Delta by Spark", { Parameters: { "spark.sql.sources.provider": "delta" } }, "delta"],
    ["Delta by a crawler", { Parameters: { classification: "Delta" } }, "delta"],
    ["Hudi by Spark", { Parameters: { "spark.sql.sources.provider": "hudi" } }, "hudi"],
    [
      "Hudi by its input format",
      {
        StorageDescriptor: {
          Location: "s3://l/",
          InputFormat: "org.apache.hudi.hadoop.HoodieParquetInputFormat",
        },
      },
      "hudi",
    ],
    ["projection", { Parameters: { "projection.enabled": "TRUE" } }, "projection is on"],
    ["no partition keys", { PartitionKeys: [] }, "no partition keys"],
    ["no location", { StorageDescriptor: {} }, "no location in S3"],
    ["another store", { StorageDescriptor: { Location: "jdbc:mysql" } }, "no location in S3"],
    ["its own wish", { Parameters: { "strata.partitions.enabled": "false" } }, "opted out"],
  ] as const) {
    it(`skips a table for ${name}`, () => {
      expect(skipReason({ ...table, ...change } as Table)).to.include(reason);
    });
  }
});

describe("partitionKeysOf", () => {
  it("answers names and types in lower case, in the table's order", () => {
    const table = { PartitionKeys: [{ Name: "Year", Type: "INT" }, { Name: "region" }] };
    expect(partitionKeysOf(table)).to.deep.equal(keysOf("year:int", "region:string"));
  });
});
