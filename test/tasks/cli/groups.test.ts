import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type CommandsModule, loadFromGroups } from "../../../tasks/cli/groups";

describe("groups of tasks", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "strata-groups-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are found by their folder alone: the platform's first, services by name, development's last", () => {
    for (const group of ["specs", "development", "airflow", "platform"]) {
      mkdirSync(join(folder, group));
      writeFileSync(join(folder, group, "commands.ts"), `export const name: string = "${group}";`);
    }
    mkdirSync(join(folder, "cli"));
    const found = loadFromGroups<{ readonly name: string }>("commands", folder);
    expect(found.map(({ name }) => name)).to.deep.equal(["platform", "airflow", "specs", "development"]);
    expect(loadFromGroups("showcase", folder)).to.deep.equal([]);
  });

  it("each add their tasks", () => {
    const groups = loadFromGroups<CommandsModule>("commands");
    expect(groups).to.have.lengthOf.greaterThan(4);
    for (const { addTasks } of groups) expect(addTasks).to.be.a("function");
  });
});
