import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { runCommand } from "../../../runtime/shared/child-process";
import { suiteFolder } from "../builder/support/machine";

const LONG = 60_000;

/** False for a process that has ended, even if its parent has not read its exit status. */
function runs(id: string): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", id], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

async function ends(id: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100 && runs(id); attempt += 1) await pause(20);
  return !runs(id);
}

describe("child process", () => {
  const folder = suiteFolder();

  /** Starts a sleeping grandchild, writes its process id to a file, then does `last`. */
  function family(last: string, milliseconds: number) {
    const script = `sleep 300 </dev/null >/dev/null 2>&1 & echo $! > grandchild; ${last}`;
    const environment = { PATH: process.env["PATH"] ?? "" };
    return runCommand({ program: "/bin/sh", args: ["-c", script], environment, folder, milliseconds });
  }

  function grandchild(): string {
    const id = readFileSync(join(folder, "grandchild"), "utf8").trim();
    expect(id).to.match(/^\d+$/);
    return id;
  }

  it("is killed with its whole group when it exceeds its time limit", async () => {
    const outcome = await family("sleep 300", 1_000);
    expect(outcome).to.include({ succeeded: false, timedOut: true });
    expect(await ends(grandchild())).to.be.true;
  });

  it("leaves no children behind when it ends by itself", async () => {
    const outcome = await family("echo done", LONG);
    expect(outcome).to.include({ succeeded: true, timedOut: false, stdout: "done\n" });
    expect(await ends(grandchild())).to.be.true;
  });

  it("has exactly the environment that it is given", async () => {
    const environment = { PATH: process.env["PATH"] ?? "", ONLY: "this" };
    const outcome = await runCommand({ program: "env", args: [], environment, folder, milliseconds: LONG });
    const names = outcome.stdout
      .trim()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(names.sort()).to.deep.equal(["ONLY", "PATH"]);
  });

  it("gives an error with its name when the program doesn't exist", async () => {
    const command = { program: "/nowhere/uv", args: [], environment: {}, folder, milliseconds: LONG };
    const error = await runCommand(command).catch((caught: unknown) => caught);
    expect((error as Error).message).to.include("/nowhere/uv could not be started");
    expect((error as Error).cause).to.have.property("code", "ENOENT");
  });
});
