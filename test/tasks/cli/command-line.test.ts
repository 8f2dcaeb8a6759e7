import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { commandLine, listTasks, run } from "../../../tasks/cli/main";

const ROOT = join(__dirname, "../../..");

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where no platform runs. */
const NOWHERE = join(ROOT, ".strata", "no-such-home");

/** Runs `./strata` as a user would. */
function strata(...args: string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(ROOT, "strata"), args, { env: { ...process.env, STRATA_HOME: NOWHERE } });
    const text = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (text.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text.stderr += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code: code ?? 1, ...text });
    });
  });
}

/** Runs the same in this process, which takes no time to start. */
async function typed(...args: string[]): Promise<Ran> {
  const { STRATA_HOME: home } = process.env;
  const text = { stdout: "", stderr: "" };
  const restore = (["stdout", "stderr"] as const).map((name) => {
    const stream = process[name];
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array) => {
      text[name] += String(chunk);
      return true;
    };
    return () => (stream.write = write);
  });
  process.env["STRATA_HOME"] = NOWHERE;
  try {
    return { code: await run(args), ...text };
  } finally {
    for (const put of restore) put();
    if (home === undefined) delete process.env["STRATA_HOME"];
    else process.env["STRATA_HOME"] = home;
  }
}

describe("the command line", () => {
  it("lists every task with what it does", async () => {
    const { code, stdout } = await strata("--list");
    expect(code).to.equal(0);
    const lines = stdout.trim().split("\n");
    expect(lines).to.deep.equal(listTasks(commandLine()));
    for (const task of [
      "start",
      "stop",
      "status",
      "logs",
      "invoke",
      "reset",
      "preview",
      "up",
      "destroy",
      "test",
    ]) {
      expect(
        lines.some((line) => line.startsWith(`${task} `)),
        task,
      ).to.equal(true);
    }
    expect(lines.every((line) => /^.{32,} \S/.test(line))).to.equal(true);
  });

  it("explains a task, also one inside a group, with its options", async () => {
    const { stdout } = await typed("help", "layers", "build");
    expect(stdout)
      .to.match(/Usage: strata layers build/)
      .and.match(/--dry-run/)
      .and.match(/--packages <file>/);
  });

  it("names the task that there is not", async () => {
    const { code, stderr } = await typed("help", "layers", "nope");
    expect(code).to.equal(1);
    expect(stderr).to.match(/there is no task layers nope/);
  });

  it("checks and prints what a build would ask for, from arguments and file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "strata-packages-"));
    const file = join(folder, "packages.txt");
    writeFileSync(file, "# a comment\nnumpy<3  # pinned\n\npsycopg[binary,pool]\n");
    const { code, stdout } = await typed(
      ...[
        "layers",
        "build",
        "requests",
        "--packages",
        file,
        "--python",
        "3.12",
        "--python",
        "3.13",
        "--dry-run",
      ],
    );
    rmSync(folder, { recursive: true });
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({
      packages: ["requests", "numpy<3", "psycopg[binary,pool]"],
      pythons: ["3.12", "3.13"],
    });
  });

  const refused: [string, string[], RegExp][] = [
    ["a package that is none", ["layers", "build", "../x", "--dry-run"], /"\.\.\/x" is not a package name/],
    [
      "a Python that is none",
      ["layers", "build", "--python", "2.7", "--dry-run"],
      /must be a Python minor version/,
    ],
    ["an architecture", ["layers", "build", "--architecture", "amd64"], /must be one of x86_64, arm64/],
    [
      "a file that is not there",
      ["layers", "build", "--packages", "/no/such/file"],
      /cannot read \/no\/such\/file/,
    ],
    ["a port", ["start", "--port", "abc"], /must be a whole number from 1 to 65535/],
    ["the index of an owner that is none", ["specs", "index", "a b"], /a b can't be an owner/],
    ["the packages of an owner that is none", ["specs", "list", "--owner", "a/b"], /a\/b can't be an owner/],
    [
      "a catalog that is not there",
      ["catalog", "check", "nope"],
      /there is no catalog nope; there are prod, test/,
    ],
    ["to change AWS without --yes", ["up", "dev"], /Look first with \.\/strata preview dev/],
    [
      "to change AWS under the name local",
      ["destroy", "local", "--provider", "official"],
      /changes stage local on AWS/,
    ],
    [
      "to deploy another stage on the emulator",
      ["up", "dev", "--provider", "local"],
      /deploys stage local only/,
    ],
    [
      "to look at a platform that does not run",
      ["layers", "list"],
      /no platform runs here; \.\/strata start/,
    ],
  ];
  it("refuses as a program too, with an exit code", async () => {
    const { code, stderr, stdout } = await strata("start", "--port", "abc");
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.match(/must be a whole number from 1 to 65535/);
  });

  for (const [what, args, message] of refused) {
    it(`refuses ${what}, in one clear line`, async () => {
      const { code, stderr, stdout } = await typed(...args);
      expect(code).to.equal(1);
      expect(stderr).to.match(message);
      expect(stderr).not.to.match(/ {4}at /);
      expect(stdout).to.equal("");
    });
  }

  it("checks a catalog", async () => {
    const { code, stdout } = await typed("catalog", "check", "test", "--json");
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({
      pythons: [
        { python: "3.12", packages: 13 },
        { python: "3.13", packages: 13 },
      ],
    });
  });

  it("says that nothing runs", async () => {
    expect((await strata("status")).stdout).to.match(/^not running; \.\/strata start/);
    expect(JSON.parse((await typed("status", "--json")).stdout)).to.deep.equal({ running: false });
    expect((await typed("stop")).stdout).to.equal("nothing was running\n");
  });
});
