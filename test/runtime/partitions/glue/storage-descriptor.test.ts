import { expect } from "chai";
import {
  columnsDigest,
  formatDigest,
  partitionInput,
} from "../../../../runtime/partitions/glue/storage-descriptor";

const descriptor = {
  Location: "s3://lake/raw/",
  Columns: [{ Name: "id", Type: "int" }],
  InputFormat: "text",
  SerdeInfo: { SerializationLibrary: "json", Parameters: { a: "1", b: "2" } },
};

describe("partitionInput", () => {
  it("has the table's descriptor with the partition's location", () => {
    const input = partitionInput({ values: ["2026"], location: "s3://lake/raw/2026/" }, descriptor);
    expect(input).to.deep.equal({
      Values: ["2026"],
      StorageDescriptor: { ...descriptor, Location: "s3://lake/raw/2026/" },
    });
    expect(descriptor.Location).to.equal("s3://lake/raw/");
  });
});

describe("formatDigest", () => {
  it("differs if files are read in another way", () => {
    const other = { ...descriptor, SerdeInfo: { ...descriptor.SerdeInfo, SerializationLibrary: "csv" } };
    expect(formatDigest(other)).to.not.equal(formatDigest(descriptor));
  });

  it("ignores location, columns, statistics, the order of parameters and Glue's own defaults", () => {
    const same = {
      ...descriptor,
      Location: "s3://elsewhere/",
      Columns: [],
      Parameters: { recordCount: "5" },
      NumberOfBuckets: -1,
      Compressed: false,
      SerdeInfo: { SerializationLibrary: "json", Parameters: { b: "2", a: "1" } },
    };
    expect(formatDigest(same)).to.equal(formatDigest(descriptor));
  });
});

describe("columnsDigest", () => {
  it("depends on names and types", () => {
    expect(columnsDigest([{ Name: "id", Type: "int", Comment: "x" }])).to.equal(
      columnsDigest(descriptor.Columns),
    );
    expect(columnsDigest([{ Name: "id", Type: "bigint" }])).to.not.equal(columnsDigest(descriptor.Columns));
  });
});
