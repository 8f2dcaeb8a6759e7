import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import {
  comparePythons,
  findPythons,
  type Interpreter,
  pickPythons,
  probePython,
} from "../../../local/tools/pythons";
import { removeHome, temporaryHome } from "../home";

const python = (version: string, path = `/${version}`, makesEnvironments = true): Interpreter => ({
  path,
  version,
  makesEnvironments,
});

describe("pythons", () => {
  let home: string;
  before(async () => {
    home = await temporaryHome();
  });
  after(() => removeHome(home));

  async function executable(path: string, script: string): Promise<string> {
    const file = join(home, path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  }

  it("takes an interpreter's word, and ignores one that doesn't run or answers something else", async () => {
    const answer = JSON.stringify(python("3.12"));
    expect(await probePython(await executable("good/python3.12", `echo '${answer}'`))).to.deep.equal(
      python("3.12"),
    );
    expect(await probePython(await executable("shim/python3.12", "exit 127"))).to.equal(undefined);
    expect(await probePython(await executable("odd/python3.12", "echo hello"))).to.equal(undefined);
    expect(await probePython(join(home, "none"))).to.equal(undefined);
  });

  it("asks a real interpreter for its version and whether it makes environments", async () => {
    const [found] = await findPythons();
    if (found === undefined) throw new Error("This machine has no Python.");
    expect(await probePython(found.path)).to.deep.equal(found);
    expect(found.version).to.match(/^3\.\d+$/);
  });

  it("looks on PATH, in pyenv's versions and in uv's", async () => {
    const inPath = await executable("bin/python3.20", "");
    const inPyenv = await executable("pyenv/versions/3.21.0/bin/python3.21", "");
    const inUv = await executable("user/.local/share/uv/python/cpython-3.22/bin/python3.22", "");
    await executable("bin/python3-config", "");
    await executable("bin/python2.7", "");
    const asked: string[] = [];
    await findPythons(
      { PATH: join(home, "bin"), PYENV_ROOT: join(home, "pyenv"), HOME: join(home, "user") },
      (path) => {
        asked.push(path);
        return Promise.resolve(undefined);
      },
    );
    expect(asked).to.include.members([inPath, inPyenv, inUv]);
    expect(asked.filter((path) => path.startsWith(home))).to.have.length(3);
  });

  it("prefers the first that can make environments", () => {
    const picked = pickPythons([
      python("3.9", "/a"),
      python("3.12", "/plain", false),
      python("3.12", "/able"),
      python("3.12", "/later"),
      python("3.10", "/b"),
    ]);
    expect(picked.map(({ path }) => path)).to.deep.equal(["/able", "/b", "/a"]);
  });

  it("picks each version once, newest first, whatever it is given", () => {
    const interpreter = fc.record({
      version: fc.integer({ min: 6, max: 30 }).map((minor) => `3.${String(minor)}`),
      path: fc.string(),
      makesEnvironments: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(interpreter), (found) => {
        const minors = pickPythons(found).map(({ version }) => Number(version.split(".")[1]));
        const expected = [...new Set(found.map(({ version }) => Number(version.split(".")[1])))];
        expect(minors).to.deep.equal(expected.sort((one, other) => other - one));
      }),
    );
    expect(comparePythons("3.9", "3.10")).to.be.lessThan(0);
  });
});
