import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { chooseSpecPython, ensureSpecRequirements } from "../../../local/tools/spec-requirements";
import { rejection, removeHome, temporaryHome } from "../home";

const IMAGE = join(__dirname, "../../../images/builder");

describe("requirements of package builds", () => {
  it("go to the newest Python that OpenAlchemy is known to work with, else to the newest", () => {
    expect(chooseSpecPython(["3.9", "3.12", "3.13", "3.14"])).to.equal("3.13");
    expect(chooseSpecPython(["3.14", "3.15"])).to.equal("3.15");
    expect(() => chooseSpecPython(["3.8", "3.9"])).to.throw("found 3.8, 3.9. Install Python 3.13");
  });

  it("are pinned with hashes, and name no index", async () => {
    const text = await readFile(join(IMAGE, "spec-requirements.txt"), "utf8");
    const lines = text
      .replaceAll("\\\n", "")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    for (const line of lines) expect(line).to.match(/^\S+==\S+ .*--hash=sha256:/);
    const names = lines.map((line) => line.split(" ")[0]);
    expect(names).to.have.members([
      ...[
        "openalchemy==2.5.0",
        "sqlalchemy==1.4.54",
        "jsonschema==3.2.0",
        "jinja2==3.1.6",
        "markupsafe==3.0.4",
      ],
      ...["attrs==26.1.0", "pyrsistent==0.20.0", "six==1.17.0", "setuptools==80.9.0"],
    ]);
    expect(text).not.to.match(/https?:|index-url/);
  });

  it("get into the image by the same options, with the driver", async () => {
    const [docker, local] = await Promise.all([
      readFile(join(IMAGE, "Dockerfile"), "utf8"),
      readFile(join(__dirname, "../../../local/tools/spec-requirements.ts"), "utf8"),
    ]);
    const options = ["--no-deps", "--require-hashes", "--build-constraints", "--compile-bytecode"];
    for (const option of [...options, "DISABLE_SQLALCHEMY_CEXT"]) {
      expect(docker, option).to.contain(option);
      expect(local, option).to.contain(option);
    }
    expect(docker).to.contain("COPY *.py /opt/specs/");
    expect(docker).to.contain("STRATA_SPEC_REQUIREMENTS=/opt/specs");
    expect(docker).to.contain("> /opt/specs/installed");
  });

  describe("installation", () => {
    let root: string;
    beforeEach(async () => {
      root = await temporaryHome();
      await mkdir(join(root, "source"));
      await writeFile(join(root, "source/build_package.py"), "# driver\n");
      await writeFile(join(root, "source/spec-requirements.txt"), "one==1\n");
      await script("python", `echo '{"path": "x", "version": "3.13", "makesEnvironments": true}'`);
      // Writes what it was called with into the folder that it was to fill.
      await script(
        "uv",
        `for last; do [ "$previous" = --target ] && target="$last"; previous="$last"; done`,
        `! grep -q missing '${root}/source/spec-requirements.txt' || { echo no such file >&2; exit 1; }`,
        `mkdir -p "$target" && echo "$DISABLE_SQLALCHEMY_CEXT $*" > "$target/called"`,
      );
    });
    afterEach(() => removeHome(root));

    const script = (name: string, ...lines: readonly string[]): Promise<void> =>
      writeFile(join(root, name), ["#!/bin/sh", ...lines].join("\n"), { mode: 0o755 });

    async function install(): Promise<{ readonly directory: string; readonly messages: readonly string[] }> {
      const messages: string[] = [];
      const directory = await ensureSpecRequirements({
        root,
        source: join(root, "source"),
        tools: { uv: join(root, "uv"), pythons: { "3.13": join(root, "python") } },
        progress: (message) => messages.push(message),
      });
      return { directory, messages };
    }

    it("happens once, and again for another driver or other requirements", async () => {
      const first = await install();
      expect(first.messages.join()).to.contain("for Python 3.13");
      expect(await readFile(join(first.directory, "installed"), "utf8")).to.equal("3.13");
      expect(await readFile(join(first.directory, "build_package.py"), "utf8")).to.equal("# driver\n");
      const called = await readFile(join(first.directory, "called"), "utf8");
      expect(called)
        .to.match(/^1 pip install /)
        .and.contain("--require-hashes")
        .and.contain("--no-deps");
      expect(await install()).to.deep.equal({ directory: first.directory, messages: [] });
      for (const file of ["build_package.py", "spec-requirements.txt"]) {
        await writeFile(join(root, "source", file), "# other\n");
        const { directory, messages } = await install();
        expect(directory).not.to.equal(first.directory);
        expect(messages).not.to.be.empty;
      }
    });

    it("starts over what a crash left half-done, or an interpreter that is gone", async () => {
      const { directory } = await install();
      await rm(join(directory, "installed"));
      await writeFile(join(directory, "leftover"), "");
      expect((await install()).messages).not.to.be.empty;
      expect(await readdir(directory)).not.to.include("leftover");
      await writeFile(join(directory, "installed"), "3.12");
      expect((await install()).messages).not.to.be.empty;
    });

    it("never counts when it failed, and says why", async () => {
      await writeFile(join(root, "source/spec-requirements.txt"), "missing==1\n");
      const error = await rejection(install());
      expect(error.name).to.equal("LocalError");
      expect(error.message).to.contain(
        "Installing what packages of specs are built with failed: no such file",
      );
    });
  });
});
