import { expect } from "chai";
import { create as advise } from "../../../runtime/partitions/advise.lambda";
import { create as objectEvents } from "../../../runtime/partitions/object-events.lambda";
import { create as summarize } from "../../../runtime/partitions/summarize.lambda";
import { create as survey } from "../../../runtime/partitions/survey.lambda";
import { create as sync } from "../../../runtime/partitions/sync.lambda";
import type { Log } from "../../../runtime/shared/log";
import { thrownBy, recordingLog } from "../shared/recorder";

type Create = (environment: NodeJS.ProcessEnv, log: Log) => (event: unknown) => Promise<unknown>;

const TABLE = { TABLE_NAME: "t", STAGE: "dev" };
const WINDOW = { LOOK_BACK_DAYS: "3", LOOK_AHEAD_DAYS: "0" };
const LIST = { ARTIFACTS_BUCKET: "home", DATABASES: '{"include":["*_raw"],"exclude":[]}' };
const CATALOG = { GLUE_CATALOG_ID: "" };
/** Each function, the variables that it requires, and those that may be empty. */
const ENTRIES: readonly [string, Create, Readonly<Record<string, string>>, typeof CATALOG | object][] = [
  ["survey", survey, { ...TABLE, ...LIST }, CATALOG],
  ["sync", sync, { ...TABLE, ...WINDOW }, CATALOG],
  ["object-events", objectEvents, TABLE, CATALOG],
  ["summarize", summarize, { ...TABLE, FRESHNESS_HOURS: "48" }, {}],
  ["advise", advise, {}, CATALOG],
];

describe("partition entries", () => {
  const before = process.env["AWS_REGION"];
  beforeEach(() => {
    process.env["AWS_REGION"] = "us-east-1";
  });
  afterEach(() => {
    if (before === undefined) delete process.env["AWS_REGION"];
    else process.env["AWS_REGION"] = before;
  });

  for (const [name, create, required, mayBeEmpty] of ENTRIES) {
    it(`${name} starts with exactly the variables it names, and says which one is missing`, async () => {
      const environment = { ...required, ...mayBeEmpty };
      expect(create(environment, recordingLog())).to.be.a("function");
      for (const variable of Object.keys(environment)) {
        const others = { ...environment, [variable]: undefined };
        const error = await thrownBy(() => create(others, recordingLog()));
        expect(error.name).to.equal("BugError");
        expect(error.message).to.include(variable);
      }
    });

    it(`${name} refuses a payload that is not for it`, async () => {
      const handler = create({ ...required, ...mayBeEmpty }, recordingLog());
      const error = await thrownBy(() => handler({ operation: "nonsense" }));
      expect(["BugError", "UserError"]).to.include(error.name);
    });
  }
});
