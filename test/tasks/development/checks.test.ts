import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Counts, runTests } from "../../../tasks/development/checks";
import { removeHome, temporaryHome } from "../../local/home";

describe("running tests", () => {
  let folder: string;
  before(async () => {
    folder = await temporaryHome();
  });
  after(() => removeHome(folder));

  const suites: Readonly<Record<string, string>> = {
    good: "it('works', () => undefined);",
    bad: "it('fails', () => { throw new Error('on purpose'); });",
    pending: "it.skip('is left out', () => undefined);",
    only: "it.only('leaves out the others', () => undefined); it('is left out', () => undefined);",
    broken: "require('./no-such-module');",
    logging:
      "require('../../../runtime/shared/log').createLogger('test').error('said'); it('logs', () => undefined);",
  };
  const run = (names: readonly string[], parallel: boolean): Promise<Counts> => {
    const files = names.map((name) => {
      const file = join(folder, `${name}.test.ts`);
      writeFileSync(file, suites[name] ?? "");
      return file;
    });
    return runTests(files, { parallel, tools: { uv: "", pythons: {} }, quiet: true });
  };

  for (const parallel of [false, true]) {
    describe(parallel ? "in parallel" : "one after the other", () => {
      it("counts what passed and what failed", async () => {
        expect(await run(["good", "bad", "logging"], parallel)).to.deep.equal({ passed: 2, failed: 1 });
      });

      it("counts tests that are left out, or leave out others, as failed", async () => {
        expect((await run(["good", "pending"], parallel)).failed).to.equal(1);
        expect((await run(["good", "only"], parallel)).failed).to.be.greaterThan(0);
      });

      it("counts a file that doesn't load as failed", async () => {
        expect((await run(["good", "broken"], parallel)).failed).to.be.greaterThan(0);
      });
    });
  }
});
