import { expect } from "chai";
import { Hono } from "hono";
import { serveHttp, withoutStage } from "../../../runtime/shared/http-entry";
import { thrownBy } from "./recorder";

function eventOf(rawPath: string, stage = "$default") {
  const http = { method: "GET", path: rawPath };
  const requestContext = { stage, http, domainName: "example.com", apiId: "a" };
  return { version: "2.0", rawPath, rawQueryString: "", headers: {}, requestContext, isBase64Encoded: false };
}

describe("HTTP entries", () => {
  it("removes the stage from the path, and nothing that only looks like one", () => {
    expect(withoutStage(eventOf("/api/v2/x")).rawPath).to.equal("/api/v2/x");
    expect(withoutStage(eventOf("/prod/api", "prod")).rawPath).to.equal("/api");
    expect(withoutStage(eventOf("/prod", "prod")).rawPath).to.equal("/");
    expect(withoutStage(eventOf("/product", "prod")).rawPath).to.equal("/product");
  });

  it("lets an app answer an HTTP API's event, and nothing else", async () => {
    const serve = serveHttp(new Hono().get("/x", (context) => context.text("here")));
    expect(await serve(eventOf("/prod/x", "prod"))).to.include({ statusCode: 200, body: "here" });
    expect((await thrownBy(() => serve({ Records: [] }))).name).to.equal("BugError");
  });
});
