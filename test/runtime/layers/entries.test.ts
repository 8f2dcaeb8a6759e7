import { expect } from "chai";
import { create as announce } from "../../../runtime/layers/announce.lambda";
import { create as compare } from "../../../runtime/layers/compare.lambda";
import { create as gather } from "../../../runtime/layers/gather.lambda";
import { create as plan } from "../../../runtime/layers/plan.lambda";
import { create as publish, visibilityOf } from "../../../runtime/layers/publish.lambda";
import { create as record } from "../../../runtime/layers/record.lambda";
import { create as sign } from "../../../runtime/layers/sign.lambda";
import type { Log } from "../../../runtime/shared/log";
import { thrownBy, recordingLog } from "../shared/recorder";

type Create = (environment: NodeJS.ProcessEnv, log: Log) => (event: unknown) => Promise<unknown>;

const TABLE = { TABLE_NAME: "t" };
const HOME = { ARTIFACTS_BUCKET: "home" };
const REGIONS = { REGIONS: '["us-east-1"]' };
const PUBLISHING = {
  ARTIFACT_BUCKETS: '{"us-east-1":"home"}',
  LAYER_PREFIX: "strata",
  VISIBILITY: "public",
  EXPIRY_DAYS: "365",
};
const ENTRIES: readonly [string, Create, Readonly<Record<string, string>>][] = [
  ["plan", plan, { ...TABLE, ...HOME, PYTHONS: '["3.12"]', ARCHITECTURES: '["arm64"]' }],
  ["sign", sign, HOME],
  ["compare", compare, { ...TABLE, ...HOME, ...REGIONS }],
  ["gather", gather, HOME],
  ["record", record, { ...TABLE, ...HOME, ...REGIONS }],
  ["publish", publish, { ...TABLE, ...HOME, ...PUBLISHING }],
  ["announce", announce, { ...TABLE, BUS_NAME: "b" }],
];

describe("the entries of layers", () => {
  const before = process.env["AWS_REGION"];
  beforeEach(() => {
    process.env["AWS_REGION"] = "us-east-1";
  });
  afterEach(() => {
    if (before === undefined) delete process.env["AWS_REGION"];
    else process.env["AWS_REGION"] = before;
  });

  for (const [name, create, environment] of ENTRIES) {
    it(`${name} starts with the variables of its contract, and says which one is missing`, async () => {
      expect(create(environment, recordingLog())).to.be.a("function");
      for (const variable of Object.keys(environment)) {
        const others = { ...environment, [variable]: "" };
        const error = await thrownBy(() => create(others, recordingLog()));
        expect(error.name).to.equal("BugError");
        expect(error.message).to.include(variable);
      }
    });

    it(`${name} refuses a payload that is not for it`, async () => {
      const handler = create(environment, recordingLog());
      const error = await thrownBy(() => handler({ operation: "nonsense" }));
      expect(["BugError", "UserError"]).to.include(error.name);
    });
  }

  it("publishes to an organization only when its id is set", async () => {
    const id = "o-a1b2c3d4e5";
    const organization = { kind: "organization", id };
    expect(visibilityOf({ VISIBILITY: "organization", ORGANIZATION_ID: id })).to.deep.equal(organization);
    const error = await thrownBy(() => visibilityOf({ VISIBILITY: "organization" }));
    expect(error.message).to.include("ORGANIZATION_ID");
  });
});
