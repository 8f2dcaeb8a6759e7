import { expect } from "chai";
import { create, notifiedObjects } from "../../../runtime/catalog/load.lambda";
import { thrownBy, recordingLog } from "../shared/recorder";

const record = (key: string) => ({ s3: { bucket: { name: "b" }, object: { key } } });
const ENVIRONMENT = { TABLE_NAME: "t", BUS_NAME: "b", PYTHONS: '["3.12"]', REGIONS: '["us-east-1"]' };

describe("catalog/load entry", () => {
  it("decodes keys and returns each object once", () => {
    const event = { Records: [record("a+b/config%2B1.json"), record("a+b/config%2B1.json")] };
    expect(notifiedObjects(event)).to.deep.equal([{ bucket: "b", key: "a b/config+1.json" }]);
  });

  it("accepts S3's test event, which has no records", async () => {
    expect(notifiedObjects({ Event: "s3:TestEvent" })).to.deep.equal([]);
    expect(await create(ENVIRONMENT, recordingLog())({ Event: "s3:TestEvent" })).to.deep.equal([]);
  });

  it("names each variable that is missing or wrong", async () => {
    const error = await thrownBy(() =>
      create({ ...ENVIRONMENT, BUS_NAME: "", PYTHONS: "3.12" }, recordingLog()),
    );
    expect(error.name).to.equal("BugError");
    expect(error.message).to.include("BUS_NAME").and.include("PYTHONS").and.not.include("TABLE_NAME");
  });
});
