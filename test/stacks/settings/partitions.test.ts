import { expect } from "chai";
import { type RefusedCase, itRefuses, settingsOf } from "./read-settings";

describe("the settings of partitions", () => {
  it("take patterns of buckets, and an account as text, although it looks like a number", () => {
    const partitionBuckets = ["lake", "acme-*-raw", "*-lake"];
    const partitionGlueCatalogId = "012345678901";
    const { partitions } = settingsOf({
      partitionBuckets: JSON.stringify(partitionBuckets),
      partitionGlueCatalogId,
    });
    expect(partitions).to.deep.include({ partitionBuckets, partitionGlueCatalogId });
  });

  itRefuses([
    [
      "a database",
      { partitionDatabases: '["Sales{1,2}"]' },
      /strata:partitionDatabases\[0\]: "Sales\{1,2\}" was given; it must be lower-case/,
    ],
    [
      "no database",
      { partitionDatabases: "[]" },
      /strata:partitionDatabases: \[\] was given; it must name at least one/,
    ],
    ...["*", "**", "a*", "lake/raw", "Lake"].map((bucket): RefusedCase => [
      `the bucket ${bucket}`,
      { partitionBuckets: JSON.stringify([bucket]) },
      /strata:partitionBuckets\[0\]: .* was given; it must be the name of a bucket/,
    ]),
    [
      "events of no bucket",
      { partitionEvents: "true" },
      /strata:partitionBuckets: \[\] was given; partitionEvents needs the buckets/,
    ],
    [
      "a catalog's account",
      { partitionGlueCatalogId: "12345" },
      /"12345" was given; it must be empty or an account/,
    ],
  ]);
});
