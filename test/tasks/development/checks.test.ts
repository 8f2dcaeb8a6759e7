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

  it("counts what passed and what failed, and a test that is left out as failed", async () => {
    expect(await run(["good", "bad", "pending", "logging"], false)).to.deep.equal({ passed: 2, failed: 2 });
  });

  it("counts a test that leaves out others, and a file that doesn't load, as failed", async () => {
    expect((await run(["good", "only"], false)).failed).to.be.greaterThan(0);
    expect((await run(["good", "broken"], false)).failed).to.be.greaterThan(0);
  });

  it("counts the same in parallel", async () => {
    const { passed, failed } = await run(["good", "bad", "pending", "logging", "only", "broken"], true);
    expect(passed).to.equal(2);
    expect(failed).to.be.at.least(4);
  });
});
