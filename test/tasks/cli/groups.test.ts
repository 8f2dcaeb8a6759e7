import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type AddTasks, exportsOfGroups } from "../../../tasks/cli/groups";

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
    expect(exportsOfGroups("commands", "name", folder)).to.deep.equal([
      "platform",
      "airflow",
      "specs",
      "development",
    ]);
    expect(exportsOfGroups("showcase", "showcase", folder)).to.deep.equal([]);
    expect(() => exportsOfGroups("commands", "addTasks", folder)).to.throw(
      /commands\.ts exports no addTasks/,
    );
  });

  it("each add their tasks", () => {
    const groups = exportsOfGroups<AddTasks>("commands", "addTasks");
    expect(groups).to.have.lengthOf.greaterThan(4);
    for (const addTasks of groups) expect(addTasks).to.be.a("function");
  });
});
