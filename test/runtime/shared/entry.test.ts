import { expect } from "chai";
import { z } from "zod";
import { entry, readPayload } from "../../../runtime/shared/entry";
import { thrownBy } from "./recorder";

describe("entry", () => {
  const level = process.env["POWERTOOLS_LOG_LEVEL"];
  before(() => {
    process.env["POWERTOOLS_LOG_LEVEL"] = "SILENT";
  });
  after(() => {
    if (level === undefined) delete process.env["POWERTOOLS_LOG_LEVEL"];
    else process.env["POWERTOOLS_LOG_LEVEL"] = level;
  });

  it("builds the handler once and answers each event", async () => {
    let built = 0;
    const handler = entry("test", () => {
      built++;
      return (event) => Promise.resolve([event]);
    });
    expect([await handler(1), await handler(2)]).to.deep.equal([[1], [2]]);
    expect(built).to.equal(1);
  });

  it("throws an error unchanged, and builds again after one", async () => {
    const wrong = new TypeError("wrong");
    let built = 0;
    const handler = entry("test", () => {
      if (++built === 1) throw wrong;
      return () => Promise.resolve("good");
    });
    expect(await thrownBy(() => handler({}))).to.equal(wrong);
    expect(await handler({})).to.equal("good");
  });
});

describe("readPayload", () => {
  it("names what is wrong", async () => {
    const error = await thrownBy(() => readPayload(z.object({ runId: z.string() }), { runId: 1 }));
    expect(error).to.include({ name: "BugError" });
    expect(error.message).to.include("runId");
  });
});
