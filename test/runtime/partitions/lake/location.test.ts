import { expect } from "chai";
import {
  isInS3,
  locationOf,
  parseLocation,
  isSameLocation,
} from "../../../../runtime/partitions/lake/location";
import { UserError } from "../../../../runtime/shared/errors";

describe("parseLocation", () => {
  for (const [location, bucket, prefix] of [
    ["s3://lake/raw/events", "lake", "raw/events/"],
    ["s3://lake/raw/events/", "lake", "raw/events/"],
    ["s3://lake", "lake", ""],
    ["s3://lake/", "lake", ""],
    ["s3a://lake/raw", "lake", "raw/"],
    ["s3n://lake/raw/", "lake", "raw/"],
    // In S3 a double slash is part of the key.
    ["s3://lake/raw//events/", "lake", "raw//events/"],
  ] as const) {
    it(`reads ${location}`, () => expect(parseLocation(location)).to.include({ bucket, prefix }));
  }

  for (const location of ["hdfs://host/x", "", "/raw", "s3://"]) {
    it(`refuses "${location}"`, () => {
      expect(() => parseLocation(location)).to.throw(UserError, "is not in S3");
      expect(isInS3(location)).to.equal(false);
    });
  }
});

describe("locationOf", () => {
  it("ends with a slash, whether the table's location does or not, also at the bucket's root", () => {
    expect(locationOf(parseLocation("s3://lake/raw"), "dt=1/")).to.equal("s3://lake/raw/dt=1/");
    expect(locationOf(parseLocation("s3a://lake/raw/"), "dt=1/")).to.equal("s3a://lake/raw/dt=1/");
    expect(locationOf(parseLocation("s3://lake"), "dt=1/")).to.equal("s3://lake/dt=1/");
  });
});

describe("isSameLocation", () => {
  it("ignores the scheme's letter, double slashes and the last slash", () => {
    expect(isSameLocation("s3://lake/raw/dt=1/", "s3a://lake//raw/dt=1")).to.equal(true);
    expect(isSameLocation("s3://lake/raw/dt=1/", "s3://lake/raw/dt=10/")).to.equal(false);
    expect(isSameLocation("s3://lake/Raw/", "s3://lake/raw/")).to.equal(false);
    expect(isSameLocation("s3://lake/a%3Ab/", "s3://lake/a:b/")).to.equal(false);
  });
});
