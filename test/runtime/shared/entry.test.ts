import { expect } from "chai";
import { z } from "zod";
import { byOperation, entry, readPayload } from "../../../runtime/shared/entry";
import { thrownBy } from "./recorder";

const number = z.object({ a: z.number() });
const numbers = z.object({ a: z.number(), b: z.number() });

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

describe("byOperation", () => {
  const work = byOperation<{ add: typeof numbers; negate: typeof number }, number>(
    { add: numbers, negate: number },
    {
      add: ({ a, b }) => Promise.resolve(a + b),
      negate: ({ a }) => Promise.resolve(-a),
    },
  );

  it("does what the payload names", async () => {
    expect(await work({ operation: "add", a: 1, b: 2 })).to.equal(3);
    expect(await work({ operation: "negate", a: 1 })).to.equal(-1);
  });

  it("refuses what it does not know, and a payload that is not for the operation", async () => {
    for (const [payload, wrong] of [
      [{ operation: "toString", a: 1 }, "operation"],
      [{ a: 1 }, "operation"],
      [{ operation: "add", a: 1 }, "b"],
    ] as const) {
      const error = await thrownBy(() => work(payload));
      expect(error).to.include({ name: "BugError" });
      expect(error.message).to.include(`${wrong}:`);
    }
  });
});
