import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { SpecBuildDriver } from "../../../../runtime/specs/build/build-driver";
import { rejection } from "../../../local/home";
import { RealSpecBuilder, manyModels, specOf } from "./real-spec-builder";

describe("the driver of spec builds", () => {
  const builder = new RealSpecBuilder();

  /** A driver whose Python is a shell script. In the script, `$REAL` is the real Python. */
  function scripted(...lines: readonly string[]): SpecBuildDriver & { readonly folder: string } {
    const folder = mkdtempSync(join(builder.folder, "python-"));
    const python = join(folder, "python");
    const text = ["#!/bin/sh", `REAL='${builder.settings.python}'`, `HERE='${folder}'`, ...lines].join("\n");
    writeFileSync(python, text);
    chmodSync(python, 0o755);
    return Object.assign(new SpecBuildDriver({ ...builder.settings, python }), { folder });
  }

  /** How many processes of this suite's driver there are. Every process that the driver forks has its arguments. */
  function processes(): number {
    const listed = execFileSync("ps", ["-ww", "-A", "-o", "stat=,args="], { encoding: "utf8" });
    const driver = join(builder.settings.requirements, "build_package.py");
    return listed.split("\n").filter((line) => line.includes(driver) && !line.trimStart().startsWith("Z"))
      .length;
  }

  it("ends a build that takes too long, with all its processes, and then builds the next one", async () => {
    const limits = { seconds: 0.3, megabytes: 768, answerBytes: 1e6 };
    const reason = await builder.refusal({ spec: manyModels(1500) }, { limits });
    expect(reason).to.contain("longer than 0.3 s");
    for (let attempt = 0; attempt < 100 && processes() > 1; attempt += 1) await pause(20);
    expect(processes()).to.equal(1);
    expect(await builder.build({})).to.have.property("outcome", "built");
  });

  it("ends a build that takes too much memory, and names the limit", async () => {
    const task = builder.task(manyModels(1500), { megabytes: 60 });
    const reply = await builder.driver.build(task);
    expect(reply).to.have.property("outcome", "refused");
    expect(reply.reason).to.contain("more than 60 MB of memory");
  });

  it("refuses a spec that is nested deeper than Python can read", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const spec = specOf().replace('"paths":{}', `"paths":${deep}`);
    const reply = await builder.driver.build(builder.task(spec));
    expect(reply).to.have.property("outcome", "refused");
    expect(reply.reason).to.contain("nested too deeply");
  });

  it("finds the reason in the output of setuptools", async () => {
    const task = builder.task(specOf(undefined, { version: "latest" }), { version: "latest" });
    const reply = await builder.driver.build(task);
    expect(reply).to.have.property("outcome", "refused");
    expect(reply.reason).to.match(/^setuptools refuses it: .*Invalid version: 'latest'/);
  });

  it("tells our failures from those of the spec", async () => {
    const reply = await builder.driver.build({ ...builder.task(specOf()), folder: "/nowhere" });
    expect(reply).to.have.property("outcome", "failed");
    const spec = builder.task(specOf());
    const missing = await builder.driver.build({ ...spec, folder: join(spec.folder, "..") });
    expect(missing).to.have.property("outcome", "failed");
    expect(missing.reason).to.contain("spec.json");
  });

  it("builds one spec after the other, also when several come at once", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => builder.build({})));
    expect(answers.map(({ outcome }) => outcome)).to.deep.equal(["built", "built", "built"]);
    expect(processes()).to.equal(1);
  });

  it("gives Python none of our own variables", async () => {
    const before = process.env["AWS_SECRET_ACCESS_KEY"];
    process.env["AWS_SECRET_ACCESS_KEY"] = "fake";
    const driver = scripted(`env > "$HERE/environment"`, `exec "$REAL" "$@"`);
    const task = builder.task(specOf());
    try {
      expect(await driver.build(task)).to.have.property("outcome", "built");
    } finally {
      driver.stop();
      if (before === undefined) delete process.env["AWS_SECRET_ACCESS_KEY"];
      else process.env["AWS_SECRET_ACCESS_KEY"] = before;
    }
    const names = readFileSync(join(driver.folder, "environment"), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(names).to.include.members(["PYTHONPATH", "PYTHONHASHSEED", "SOURCE_DATE_EPOCH"]);
    expect(names.filter((name) => name?.startsWith("AWS") === true)).to.be.empty;
  });

  it("calls it a bug when Python is missing or doesn't run", async () => {
    const python = join(builder.folder, "missing");
    const absent = await rejection(
      new SpecBuildDriver({ ...builder.settings, python }).build(builder.task("{}")),
    );
    expect(absent).to.have.property("name", "BugError");
    expect(absent.message).to.contain(python);
    expect(absent.cause).to.have.property("code", "ENOENT");
    const broken = scripted("echo no such version >&2", "exit 127");
    const ended = await rejection(broken.build(builder.task("{}")));
    expect(ended).to.have.property("name", "BugError");
    expect(ended.message).to.contain("no such version");
  });

  it("starts Python again when it has ended", async () => {
    const driver = scripted(
      `if [ ! -e "$HERE/once" ]; then touch "$HERE/once"; exit 1; fi`,
      `exec "$REAL" "$@"`,
    );
    expect(await rejection(driver.build(builder.task(specOf())))).to.have.property("name", "BugError");
    expect(await driver.build(builder.task(specOf()))).to.have.property("outcome", "built");
    driver.stop();
    expect(await driver.build(builder.task(specOf()))).to.have.property("outcome", "built");
    driver.stop();
  });

  it("leaves the network where the platform allows it", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const program = `
import socket, sys
import build_package
left = build_package.leave_network()
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
    print(left, True)
except OSError:
    print(left, False)
`;
    try {
      const [left, reached] = builder.python(program, String(port)).trim().split(" ");
      expect(reached).to.equal(left === "True" ? "False" : "True");
    } finally {
      server.close();
    }
  });
});
