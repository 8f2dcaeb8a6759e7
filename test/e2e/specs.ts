import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { ensureSpecRequirements } from "../../local/tools/spec-requirements";
import { packageIndexUrl, indexCredentials } from "../../tasks/specs/package-index";
import { installPackage, runPython } from "../../tasks/specs/install-package";
import type { SpecListing } from "../../tasks/specs/list-specs";
import { EXAMPLE_SPEC, keysUnder } from "./spec-bucket";
import { ROOT, type TestPlatform, eventually } from "./running-platform";

const run = promisify(execFile);

/** A part of what `specs build` prints as JSON. */
interface Built {
  readonly status: string;
  readonly unchanged: boolean;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

const OWNER = "team.one";

/** From a spec to a model in use, as authors of specs and users of packages see it. */
export function specTests(platform: () => TestPlatform): void {
  describe("packages of specs", () => {
    const uv = process.env["STRATA_UV"] ?? "";
    const pythons = JSON.parse(process.env["STRATA_PYTHONS"] ?? "{}") as Record<string, string>;
    const folder = mkdtempSync(join(tmpdir(), "strata-specs-"));
    const spec = join(folder, "my_pets-spec.json");
    let requirements: string;
    let address: string;

    before(async () => {
      requirements = await ensureSpecRequirements({ tools: { uv, pythons } });
      const connection = platform().connection();
      address = packageIndexUrl(connection, OWNER, await indexCredentials(connection, OWNER));
      writeFileSync(spec, EXAMPLE_SPEC);
    });
    after(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    const build = (...args: string[]) =>
      platform().json<Built>(["specs", "build", spec, "--owner", OWNER, ...args]);
    const page = (path = "my-pets/") => fetch(`${packageIndexUrl(platform().connection(), OWNER)}${path}`);
    const pageAsUser = async (path = "my-pets/") => {
      const { origin, pathname, username, password } = new URL(address);
      return fetch(`${origin}${pathname}${path}`, {
        headers: { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` },
      });
    };
    const install = (index: string, name: string) =>
      installPackage({
        folder: join(folder, name),
        pythons,
        pip: join(dirname(uv), "python"),
        requirements,
        index,
        requirement: "my_pets==1.0.0",
      });

    it("of the example exist after start, are installed by pip and in use", async () => {
      const rows = await platform().json<SpecListing[]>(["specs", "list", "--owner", "examples"]);
      expect(rows.map(({ spec: name, version, status }) => ({ name, version, status }))).to.deep.equal([
        { name: "pets", version: "1.0.0", status: "built" },
      ]);
      const python = join(platform().home, "example", "bin", "python");
      const printed = await runPython(python, join(ROOT, "examples", "use_pets.py"));
      expect(JSON.parse(printed)).to.deep.include({ id: 1, name: "Biscuit" });
    });

    it("of the user's own spec are built and downloaded", async () => {
      const { status, files } = await build("--output", join(folder, "out"));
      expect(status).to.equal("built");
      const names = ["my_pets-1.0.0-py3-none-any.whl", "my_pets-1.0.0.tar.gz"];
      expect(files.map(({ name }) => name).sort()).to.deep.equal(names);
      expect(readdirSync(join(folder, "out")).sort()).to.deep.equal(names);
      expect(await keysUnder(platform(), `${OWNER}/my_pets/`)).to.deep.equal(
        ["1.0.0-spec.json", ...names].map((name) => `${OWNER}/my_pets/${name}`),
      );
    });

    it("are not built again when the same spec is uploaded again", async () => {
      expect((await build()).unchanged).to.equal(true);
    });

    it("are shown with the address of their index, and with its password only on request", async () => {
      const said = async (...args: string[]) => (await platform().strata(["specs", ...args])).stdout;
      const { password } = new URL(address);
      const instructions = [await said("build", spec, "--owner", OWNER), await said("index", OWNER)];
      for (const text of instructions) {
        expect(text)
          .to.match(/^pip install .*simple\/' /m)
          .and.not.include(password);
      }
      expect(await said("index", OWNER, "--show-password")).to.include(address);
    });

    it("are hidden without a password", async () => {
      for (const path of ["", "my-pets/"]) {
        const answer = await page(path);
        expect(answer.status, path).to.equal(401);
        expect(answer.headers.get("www-authenticate"), path).to.match(/^Basic /);
      }
      const wrong = address.replace(/:[^:@]*@/, ":wrong@");
      const refusal = await install(wrong, "wrong").catch((error: Error) => error.message);
      expect(refusal).to.match(/401|User|No matching distribution/);
    });

    it("install with real pip, and a model of them works", async () => {
      const python = await install(address, "pip");
      const program = join(folder, "use.py");
      writeFileSync(program, "import my_pets\nprint(my_pets.Species(name='dog').to_str())\n");
      expect(JSON.parse(await runPython(python, program))).to.deep.include({ name: "dog" });
    });

    it("install with real uv", async () => {
      const target = join(folder, "uv");
      const environment = { PATH: "/usr/bin:/bin", HOME: folder, UV_CACHE_DIR: join(folder, "uv-cache") };
      const [python = ""] = Object.values(pythons);
      const args = ["pip", "install", "--no-deps", "--python", python, "--target", target];
      await run(uv, [...args, "--index-url", address, "my-pets"], { env: environment });
      expect(readdirSync(target)).to.include("my_pets").and.include("my_pets-1.0.0.dist-info");
    });

    it("are replaced when their spec is replaced, and the index shows it", async () => {
      const [before] = (await build()).files;
      const changed = EXAMPLE_SPEC.replace("What it is called.", "What it is called at home.");
      writeFileSync(spec, changed);
      const after = await build();
      const wheel = after.files.find(({ name }) => name.endsWith(".whl"));
      expect(after.files.map(({ sha256 }) => sha256)).not.to.include(before?.sha256);
      const text = await (await pageAsUser()).text();
      expect(text)
        .to.include(`sha256=${wheel?.sha256 ?? ""}`)
        .and.not.include(before?.sha256);
      const python = await install(address, "replaced");
      const installed = join(dirname(dirname(python)), "lib");
      const { stdout } = await run("grep", ["-rl", "called at home", installed]);
      expect(stdout).to.match(/my_pets\/spec\.json/);
    });

    it("go with their spec, also when another key begins with the same text; that key is not a spec", async () => {
      const connection = platform().connection();
      const { bucket: Bucket } = connection.outputs.specs;
      const Key = `${OWNER}/my_pets/1.0.0-spec.json`;
      await connection
        .s3()
        .send(new PutObjectCommand({ Bucket, Key: `${Key}.bak`, Body: readFileSync(spec) }));
      await connection.s3().send(new DeleteObjectCommand({ Bucket, Key }));
      await eventually("the end of the packages", 30, async () => {
        const keys = await keysUnder(platform(), `${OWNER}/my_pets/`);
        return keys.length === 1 ? keys : undefined;
      }).then((keys) => {
        expect(keys).to.deep.equal([`${Key}.bak`]);
      });
      const answer = await pageAsUser();
      expect(answer.status === 404 || !(await answer.text()).includes(".whl")).to.equal(true);
    });
  });
}
