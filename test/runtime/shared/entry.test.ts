import { expect } from "chai";
import { z } from "zod";
import { entry, readPayload } from "../../../runtime/shared/entry";
import { thrownBy } from "./recorder";

describe("entry", () => {
  it("builds once and answers each event", async () => {
    let built = 0;
    const handler = entry("test", () => {
      built++;
      return (event) => Promise.resolve([event]);
    });
    expect([await handler(1), await handler(2)]).to.deep.equal([[1], [2]]);
    expect(built).to.equal(1);
  });

  it("lets an error through as it is, and tries to build again after one", async () => {
    const wrong = new TypeError("wrong");
    let built = 0;
    const handler = entry("test", () => {
      if (++built === 1) throw wrong;
      return () => Promise.resolve("good");
    });
    const silenced = console.error;
    console.error = () => undefined;
    try {
      expect(await thrownBy(() => handler({}))).to.equal(wrong);
    } finally {
      console.error = silenced;
    }
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
