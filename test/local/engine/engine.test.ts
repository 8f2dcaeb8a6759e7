import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type PulumiCommand } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { SemVer } from "semver";
import { engineSources, ensureEngine, type EngineSource, sdkVersion } from "../../../local/engine/engine";
import { toolPaths } from "../../../local/paths";
import { rejection, removeHome, temporaryHome } from "../home";

const engine = { command: "pulumi", version: new SemVer("3.230.0") } as PulumiCommand;

function source(name: string, tried: string[], outcome: PulumiCommand | Error): EngineSource {
  return {
    name,
    announcement: `trying ${name}`,
    get: () => {
      tried.push(name);
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
  };
}

describe("engine", () => {
  it("takes the first way that works, tries none after it, and says which it was", async () => {
    const tried: string[] = [];
    const messages: string[] = [];
    const found = await ensureEngine({
      sources: [source("a", tried, new Error("no")), source("b", tried, engine), source("c", tried, engine)],
      progress: (message) => messages.push(message),
    });
    expect(found).to.equal(engine);
    expect(tried).to.deep.equal(["a", "b"]);
    expect(messages).to.deep.equal(["trying a", "trying b", "Engine: Pulumi 3.230.0 (b)"]);
  });

  it("tells why each way failed, and what to do", async () => {
    const tried: string[] = [];
    const missing = new Error("spawn go ENOENT");
    const installer = new Error("code: -2\n stdout: \n stderr: getaddrinfo error: no such host\n");
    const error = await rejection(
      ensureEngine({
        sources: [source("PATH", tried, missing), source("official installer", tried, installer)],
      }),
    );
    expect(error.name).to.equal("LocalError");
    expect(error.message).to.contain("- PATH: not found");
    expect(error.message).to.contain("- official installer: getaddrinfo error: no such host");
    expect(error.message).to.contain("install Go");
  });

  it("tries PATH, what is installed, the official installer, and Go, in this order", () => {
    const names = engineSources("/nowhere", "3.230.0").map(({ name }) => name);
    expect(names).to.deep.equal(["PATH", "installed earlier", "official installer", "built with Go"]);
  });

  it("asks for the version of the SDK", async () => {
    expect(await sdkVersion()).to.match(/^3\.\d+\.\d+$/);
  });

  describe("sources", () => {
    const VERSION = "3.230.0";
    const before = { PATH: process.env["PATH"], NODE_OPTIONS: process.env["NODE_OPTIONS"] };
    let root: string;
    let bin: string;
    beforeEach(async () => {
      root = await temporaryHome();
      bin = join(root, "bin");
      await mkdir(bin);
      // Nothing but what a test puts there is found.
      process.env["PATH"] = bin;
    });
    afterEach(async () => {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      await removeHome(root);
    });

    async function executable(file: string, script: string): Promise<void> {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `#!/bin/sh\n${script}\n`);
      await chmod(file, 0o755);
    }
    const pulumi = (directory: string, version: string): Promise<void> =>
      executable(join(directory, "pulumi"), `echo v${version}`);
    /** Shell text that puts a fake engine into directory `$root`. */
    const planting = `PATH=/usr/bin:/bin; mkdir -p "$root/bin"; printf '#!/bin/sh\\necho v${VERSION}\\n' > "$root/bin/pulumi"; chmod +x "$root/bin/pulumi"`;
    const installed = join("bin", "pulumi");
    const get = (name: string): Promise<PulumiCommand> => {
      const found = engineSources(root, VERSION).find((one) => one.name === name);
      if (found === undefined) throw new Error(`There is no source ${name}.`);
      return found.get();
    };

    /** Answers the official installer's download with a script of ours, or fails it. */
    async function fakeDownload(body: string): Promise<void> {
      const file = join(root, "download.cjs");
      const script = [
        'const Module = require("node:module");',
        "const load = Module._load;",
        `const got = async () => { ${body} };`,
        'Module._load = (id, ...rest) => (id === "got" ? { __esModule: true, default: got } : load(id, ...rest));',
      ];
      await writeFile(file, script.join("\n"));
      process.env["NODE_OPTIONS"] = `--require ${JSON.stringify(file)}`;
    }

    it("take a pulumi on PATH of the SDK's minor version or a later one, and no other", async () => {
      await pulumi(bin, "3.230.7");
      expect((await get("PATH")).version?.version).to.equal("3.230.7");
      await pulumi(bin, "3.300.0");
      expect((await get("PATH")).command).to.equal("pulumi");
      for (const version of ["3.1.0", "3.229.9", "4.0.0"]) {
        await pulumi(bin, version);
        expect((await rejection(get("PATH"))).message).to.contain(version);
      }
    });

    it("pass over one on PATH that is too old for the one installed earlier", async () => {
      const version = await sdkVersion();
      const directory = toolPaths(root).engine(version);
      await pulumi(bin, "3.1.0");
      await pulumi(join(directory, "bin"), version);
      const messages: string[] = [];
      const found = await ensureEngine({ root, progress: (message) => messages.push(message) });
      expect(found.command).to.equal(join(directory, installed));
      expect(messages).to.deep.equal([`Engine: Pulumi ${version} (installed earlier)`]);
    });

    it("run the official installer into the cache, where it is found from then on", async () => {
      const script = `while [ "$1" != --install-root ]; do shift; done; root=$2; ${planting}`;
      await fakeDownload(`return { body: ${JSON.stringify(script)} };`);
      await rejection(get("installed earlier"));
      const { command } = await get("official installer");
      expect(command).to.equal(join(toolPaths(root).engine(VERSION), installed));
      expect((await get("installed earlier")).command).to.equal(command);
    });

    it("leave nothing that counts as installed when the official installer fails", async () => {
      await fakeDownload('throw new Error("getaddrinfo error: no such host");');
      expect((await rejection(get("official installer"))).message).to.contain("no such host");
      await rejection(get("installed earlier"));
    });

    it("build with Go, stamped with the version, into the cache", async () => {
      await rejection(get("built with Go"));
      const outputOf = 'while [ "$1" != -o ]; do shift; done; root=${2%/bin/pulumi}';
      const isStamped = `case "$*" in *"version.Version=v${VERSION}"*) ;; *) exit 1;; esac`;
      await executable(join(bin, "go"), [isStamped, outputOf, planting].join("\n"));
      const { command } = await get("built with Go");
      expect(command).to.equal(join(toolPaths(root).engine(VERSION), installed));
      expect((await get("installed earlier")).command).to.equal(command);
    });
  });
});
