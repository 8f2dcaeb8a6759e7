import type { Command } from "commander";
import { expect } from "chai";
import { commandLine } from "../../../tasks/cli/main";
import { renderSpecs } from "../../../tasks/specs/list-specs";

/** The help of a task, without line breaks in sentences. */
function helpOf(group: string, task: string): string {
  const find = (command: Command, name: string): Command => {
    const found = command.commands.find((candidate) => candidate.name() === name);
    if (found === undefined) throw new Error(`there is no task ${name}`);
    return found;
  };
  return find(find(commandLine(), group), task).configureHelp({ helpWidth: 400 }).helpInformation();
}

describe("the tasks for specs", () => {
  it("explain themselves", () => {
    const build = helpOf("specs", "build");
    expect(build).to.match(/<spec\.json>/);
    for (const option of ["--owner", "--name", "--package-version", "--output", "--stage", "--json"]) {
      expect(build).to.include(option);
    }
    expect(helpOf("specs", "redrive")).to.include("--dry-run").and.include("--json");
    expect(helpOf("specs", "index")).to.include("--show-password");
    expect(helpOf("specs", "list")).to.include("--owner");
    expect(helpOf("specs", "canary")).to.include("--stage").and.include("--json");
  });

  it("list the files of built specs, and the reasons of refused ones", () => {
    const row = { owner: "team", version: "1.0", at: "2026-11-21T13:00:00.000Z" };
    const text = renderSpecs([
      { ...row, spec: "pets", status: "built", files: ["pets-1.0-py3-none-any.whl", "pets-1.0.tar.gz"] },
      { ...row, spec: "cats", status: "refused", files: [], reason: "It has no models." },
    ]);
    expect(text).to.match(/pets .*built .*pets-1\.0-py3-none-any\.whl/);
    expect(text).to.match(/cats .*refused .*It has no models\./);
  });
});
