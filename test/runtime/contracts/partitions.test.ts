import { expect } from "chai";
import { surveyRequestSchema, syncRequestSchema } from "../../../runtime/contracts/partitions";

describe("the options of a partition run", () => {
  for (const options of [
    { from: "2026-02-30" },
    { to: "yesterday" },
    { from: "2026-1-1" },
    { from: "2026-01-02", to: "2026-01-01" },
    { full: true, from: "2026-01-01" },
  ]) {
    it(`cannot be ${JSON.stringify(options)}`, () => {
      expect(surveyRequestSchema.safeParse(options).success).to.equal(false);
      const names = { runId: "run", database: "raw", table: "events" };
      expect(syncRequestSchema.safeParse({ ...names, ...options }).success).to.equal(false);
    });
  }

  it("say which one is wrong, and how to write it", () => {
    const [issue] = surveyRequestSchema.safeParse({ to: "21.11.2026" }).error?.issues ?? [];
    expect(issue?.path).to.deep.equal(["to"]);
    expect(issue?.message).to.equal('"21.11.2026" is not a day. Write it as 2026-11-21.');
  });

  it("may be days that exist, or everything", () => {
    for (const options of [{ from: "2024-02-29", to: "2024-02-29" }, { full: true }, {}]) {
      expect(surveyRequestSchema.parse(options)).to.deep.equal({ reason: "manual", ...options });
    }
  });
});
