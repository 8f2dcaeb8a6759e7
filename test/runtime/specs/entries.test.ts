import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create as canary } from "../../../runtime/specs/canary.lambda";
import { create as handle } from "../../../runtime/specs/handle.lambda";
import { create as packageIndex } from "../../../runtime/specs/package-index.lambda";
import type { Log } from "../../../runtime/shared/log";
import { thrownBy, recordingLog } from "../shared/recorder";
import { snsEvent } from "./fakes";

type Create = (environment: NodeJS.ProcessEnv, log: Log) => (event: unknown) => Promise<unknown>;

const SECRET = { PACKAGE_INDEX_SECRET: "arn" };
const TABLE = { TABLE_NAME: "t", SPECS_BUCKET: "b" };
const BUILDER = { SPEC_BUILDER: "arn:live", SPEC_BUILDER_REVISION: "r1" };
const requirements = mkdtempSync(join(tmpdir(), "strata-test-"));
const MACHINE = {
  STRATA_UV: "/uv",
  STRATA_PYTHONS: '{"3.13":"/python"}',
  STRATA_SPEC_REQUIREMENTS: requirements,
};
const ENTRIES: readonly [string, Create, Readonly<Record<string, string>>][] = [
  ["handle", handle, { ...TABLE, ...BUILDER }],
  ["package-index", packageIndex, { ...TABLE, ...SECRET, PACKAGE_INDEX_VISIBILITY: "private" }],
  [
    "canary",
    canary,
    { SPECS_BUCKET: "b", PACKAGE_INDEX_URL: "https://example.com/packages", ...SECRET, ...MACHINE },
  ],
];

describe("the entries of specs", () => {
  const saved = process.env["AWS_REGION"];
  before(() => {
    process.env["AWS_REGION"] = "us-east-1";
    writeFileSync(join(requirements, "installed"), "3.13\n");
  });
  after(() => {
    if (saved === undefined) delete process.env["AWS_REGION"];
    else process.env["AWS_REGION"] = saved;
    rmSync(requirements, { recursive: true });
  });

  for (const [name, create, environment] of ENTRIES) {
    it(`${name} starts with exactly the variables it names, and says which one is missing`, async () => {
      expect(create(environment, recordingLog())).to.be.a("function");
      for (const variable of Object.keys(environment)) {
        const error = await thrownBy(() => create({ ...environment, [variable]: "" }, recordingLog()));
        expect(error.name).to.equal("BugError");
        expect(error.message).to.include(variable);
      }
    });
  }

  it("handle takes only what SNS sends", async () => {
    const handler = handle({ ...TABLE, ...BUILDER }, recordingLog());
    expect(await handler(snsEvent({ Event: "s3:TestEvent" }))).to.deep.equal([]);
    expect((await thrownBy(() => handler({}))).name).to.equal("BugError");
  });

  it("package-index asks nobody for a password and reads no secret when it is public", async () => {
    const serve = packageIndex({ ...TABLE, ...SECRET, PACKAGE_INDEX_VISIBILITY: "public" }, recordingLog());
    const http = { method: "GET", path: "/packages/x" };
    const requestContext = { stage: "$default", domainName: "example.com", http };
    const event = { version: "2.0", rawPath: "/packages/x", rawQueryString: "", headers: {}, requestContext };
    expect(await serve(event)).to.include({ statusCode: 404 });
  });
});
