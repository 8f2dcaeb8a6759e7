import { expect } from "chai";
import { create } from "../../../runtime/layer-index/api.lambda";
import { thrownBy, recordingLog } from "../shared/recorder";

const ENVIRONMENT = {
  TABLE_NAME: "t",
  PYTHONS: '["3.12"]',
  ARCHITECTURES: '["arm64"]',
  REGIONS: '["us-east-1"]',
};

function eventOf(rawPath: string, stage = "$default") {
  const http = {
    method: "GET",
    path: rawPath,
    protocol: "HTTP/1.1",
    sourceIp: "127.0.0.1",
    userAgent: "test",
  };
  const requestContext = { stage, http, domainName: "example.com", apiId: "a" };
  return { version: "2.0", rawPath, rawQueryString: "", headers: {}, requestContext, isBase64Encoded: false };
}

describe("layer-index/api entry", () => {
  const before = process.env["AWS_REGION"];
  beforeEach(() => {
    process.env["AWS_REGION"] = "us-east-1";
  });
  afterEach(() => {
    if (before === undefined) delete process.env["AWS_REGION"];
    else process.env["AWS_REGION"] = before;
  });

  it("answers an HTTP API's event", async () => {
    const answer = await create(ENVIRONMENT, recordingLog())(eventOf("/"));
    expect(answer.statusCode).to.equal(200);
    expect(JSON.parse(answer.body)).to.deep.include({ runtimes: ["p3.12-arm64"], regions: ["us-east-1"] });
  });

  it("names the variable that is missing, and refuses an event of another kind", async () => {
    const others = { ...ENVIRONMENT, REGIONS: "" };
    expect((await thrownBy(() => create(others, recordingLog()))).message).to.include("REGIONS");
    const error = await thrownBy(() => create(ENVIRONMENT, recordingLog())({ Records: [] }));
    expect(error.name).to.equal("BugError");
  });
});
