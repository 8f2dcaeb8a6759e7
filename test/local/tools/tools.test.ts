import { access, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { type Interpreter } from "../../../local/tools/pythons";
import { choosePython, ensureTools } from "../../../local/tools/tools";
import { rejection, removeHome, temporaryHome } from "../home";

const python = (version: string, makesEnvironments = true): Interpreter => ({
  path: `/usr/bin/python${version}`,
  version,
  makesEnvironments,
});

describe("tools", () => {
  it("runs the emulator with a Python that the catalog builds for, else with a recent one", () => {
    expect(choosePython(["3.14", "3.13", "3.12"].map((version) => python(version))).version).to.equal("3.13");
    expect(choosePython([python("3.13", false), python("3.12")]).version).to.equal("3.12");
    expect(choosePython([python("3.10"), python("3.14")]).version).to.equal("3.14");
    expect(choosePython([python("3.11"), python("3.9")]).version).to.equal("3.11");
  });

  it("says what it found when no Python will do, and what to install", () => {
    const choose = (): unknown => choosePython([python("3.10"), python("3.12", false)]);
    expect(choose).to.throw(
      "3.10 (/usr/bin/python3.10), 3.12 (/usr/bin/python3.12, without venv and ensurepip)",
    );
    expect(choose).to.throw("python3.13-venv");
  });

  it("pins every requirement with hashes, and names no index", async () => {
    const text = await readFile(join(__dirname, "../../../local/tools/requirements.txt"), "utf8");
    const requirements = text
      .replaceAll("\\\n", "")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(requirements.some((line) => line.startsWith("ministack=="))).to.equal(true);
    for (const requirement of requirements) expect(requirement).to.match(/^\S+==\S+ .*--hash=sha256:/);
    expect(text).not.to.match(/https?:|index-url/);
  });

  describe("installation", () => {
    let root: string;
    let pythons: readonly Interpreter[];
    beforeEach(async () => {
      root = await temporaryHome();
      pythons = [{ path: await fakePython(), version: "3.13", makesEnvironments: true }];
    });
    afterEach(() => removeHome(root));

    /** Makes environments that hold nothing but a copy of itself; its pip fails on a requirement called `missing`. */
    async function fakePython(): Promise<string> {
      const path = join(root, "python3.13");
      const answer = JSON.stringify({ path, version: "3.13", makesEnvironments: true });
      const script = [
        "#!/bin/sh",
        `case "$*" in`,
        `  "-I -c "*) echo '${answer}';;`,
        `  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python";;`,
        `  "-m pip install "*"--require-hashes"*) for last; do :; done; ! grep -q missing "$last" || { echo no such file >&2; exit 1; };;`,
        `  *) exit 2;;`,
        `esac`,
      ];
      await writeFile(path, script.join("\n"), { mode: 0o755 });
      return path;
    }

    async function install(
      text: string,
    ): Promise<{ readonly messages: string[]; readonly directory: string }> {
      const requirements = join(root, "requirements.txt");
      await writeFile(requirements, text);
      const messages: string[] = [];
      const tools = await ensureTools({
        root,
        requirements,
        pythons,
        progress: (message) => messages.push(message),
      });
      return { messages, directory: dirname(tools.bin) };
    }

    it("happens once, and again for other requirements", async () => {
      const first = await install("# one\n");
      expect(first.messages.join()).to.contain("Installing the emulator");
      const second = await install("# one\n");
      expect(second).to.deep.equal({ messages: [], directory: first.directory });
      const third = await install("# two\n");
      expect(third.messages).not.to.deep.equal([]);
      expect(third.directory).not.to.equal(first.directory);
    });

    it("starts over what a crash left half-done", async () => {
      const { directory } = await install("# one\n");
      await rm(join(directory, "installed"));
      await writeFile(join(directory, "leftover"), "");
      const { messages } = await install("# one\n");
      expect(messages).not.to.deep.equal([]);
      expect(await readdir(directory)).not.to.include("leftover");
    });

    it("takes over the lock of a process that is gone", async () => {
      await mkdir(join(root, ".strata/tools"), { recursive: true });
      await writeFile(join(root, ".strata/tools/install.lock"), "999999999");
      expect((await install("# one\n")).messages).not.to.deep.equal([]);
    });

    it("never counts when it failed, and says why", async () => {
      const error = await rejection(install("missing==1\n"));
      expect(error.name).to.equal("LocalError");
      expect(error.message).to.contain("Installing the emulator failed: no such file");
      const [directory = ""] = (await readdir(join(root, ".strata/tools"))).filter((name) =>
        name.startsWith("python-"),
      );
      const stamp = await rejection(access(join(root, ".strata/tools", directory, "installed")));
      expect(stamp.message).to.contain("ENOENT");
    });
  });
});
