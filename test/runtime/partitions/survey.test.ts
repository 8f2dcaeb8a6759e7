import { expect } from "chai";
import { openDataCatalog } from "../../../runtime/partitions/glue/data-catalog";
import type { SurveyPayload } from "../../../runtime/contracts/partitions";
import { readSurvey, surveyTables } from "../../../runtime/partitions/survey";
import { thrownBy } from "../shared/recorder";
import { hourly, World } from "./world";

const GLOBS = { include: ["*_raw"], exclude: ["secret_*"] };

interface Surveyed {
  readonly names: readonly string[];
  readonly written: Map<string, unknown>;
  readonly count: number;
}

/** Surveys the world with a run's input, and answers the tables that it listed. */
async function survey(world: World, input: Partial<SurveyPayload["input"]> = {}): Promise<Surveyed> {
  const written = new Map<string, unknown>();
  const { store, measure, log } = world.ports();
  const answer = await surveyTables(
    readSurvey({ execution: "arn:aws:states:x:1:execution:sync:run-1", input }),
    GLOBS,
    {
      catalog: openDataCatalog(world.glue.client(), world.catalogId),
      bucket: "artifacts",
      writeJson: (key, value) => Promise.resolve(void written.set(key, JSON.parse(JSON.stringify(value)))),
      ...{ store, measure, log },
    },
  );
  expect(answer).to.include({ runId: "run-1", bucket: "artifacts" });
  const list = written.get(answer.key) as { database: string; table: string }[];
  const names = list.map(({ database, table }) => `${database}.${table}`);
  return { names, written, count: answer.tables };
}

/** Databases with one table each. */
function worldOf(...databases: readonly string[]): World {
  const world = new World();
  for (const database of databases) world.glue.add(database, { Name: "t" });
  return world;
}

describe("surveyTables", () => {
  it("chooses databases by the globs, without those that are excluded", async () => {
    const { names } = await survey(worldOf("a_raw", "b_curated", "secret_raw", "c_raw"));
    expect(names).to.deep.equal(["a_raw.t", "c_raw.t"]);
  });

  it("writes only names and options, with the run's id", async () => {
    const world = new World();
    world.glue.add("a_raw", { Name: "t", Parameters: { size: "large" } });
    const { written, count } = await survey(world, { from: "2026-11-01", to: "2026-11-02", dryRun: true });
    const options = { from: "2026-11-01", to: "2026-11-02", dryRun: true };
    expect(count).to.equal(1);
    expect([...written]).to.deep.equal([
      ["runs/partitions/run-1/tables.json", [{ runId: "run-1", database: "a_raw", table: "t", ...options }]],
    ]);
  });

  it("reads every page of databases and tables", async () => {
    const world = worldOf(...Array.from({ length: 250 }, (_, index) => `d${index}_raw`));
    for (let index = 0; index < 350; index++) world.glue.add("d7_raw", { Name: `t${index}` });
    const { names } = await survey(world);
    expect(names).to.have.length(250 + 350);
    expect(new Set(names).size).to.equal(600);
    expect(world.glue.of("GetDatabases")).to.have.length(3);
  });

  it("leaves out a table that opted out", async () => {
    const world = worldOf("a_raw");
    world.glue.add("a_raw", { Name: "out", Parameters: { "strata.partitions.enabled": "false" } });
    expect((await survey(world)).names).to.deep.equal(["a_raw.t"]);
  });

  it("limits a run to a database and a table, by name or glob", async () => {
    const world = worldOf("a_raw", "b_raw");
    world.glue.add("a_raw", { Name: "clicks_web" });
    world.glue.add("b_raw", { Name: "clicks_app" });
    expect((await survey(world, { database: "a_raw" })).names).to.deep.equal(["a_raw.t", "a_raw.clicks_web"]);
    expect((await survey(world, { table: "clicks_*" })).names).to.deep.equal([
      "a_raw.clicks_web",
      "b_raw.clicks_app",
    ]);
    expect((await survey(world, { database: "b_*", table: "t" })).names).to.deep.equal(["b_raw.t"]);
  });

  for (const [what, input, message] of [
    ["a database that does not exist", { database: "nowhere" }, "no database nowhere"],
    ["a database that is not looked after", { database: "b_curated" }, "strata:partitionDatabases"],
    ["a table that does not exist", { database: "a_raw", table: "nothing" }, "no table nothing in a_raw"],
  ] satisfies [string, Partial<SurveyPayload["input"]>, string][]) {
    it(`refuses ${what}`, async () => {
      const error = await thrownBy(() => survey(worldOf("a_raw", "b_curated"), input));
      expect(error.name).to.equal("UserError");
      expect(error.message).to.contain(message);
    });
  }

  it("reports a database that may not be read, and continues with the others", async () => {
    const world = worldOf("a_raw", "b_raw");
    world.glue.callFault = ({ action, DatabaseName }) =>
      action === "GetTables" && DatabaseName === "a_raw"
        ? { code: "AccessDeniedException", message: "Insufficient Lake Formation permission(s)" }
        : undefined;
    expect((await survey(world)).names).to.deep.equal(["b_raw.t"]);
    const [result] = world.store.done;
    expect(result).to.include({ database: "a_raw", table: "*", status: "failed", failed: 1 });
    expect(result?.reason).to.contain("Lake Formation protects");
    expect(world.measured).to.deep.equal([result]);
  });

  it("deletes the states of tables that no longer exist, but only in a run over everything", async () => {
    const world = hourly(1);
    await world.sync();
    world.glue.add("a_raw", { Name: "t" });
    await survey(world, { database: "a_raw" });
    expect([...world.store.kept.keys()]).to.deep.equal(["raw.events"]);
    await survey(world);
    expect(world.store.kept.size).to.equal(0);
  });
});

describe("readSurvey", () => {
  for (const [what, input, message] of [
    ["a day that does not exist", { from: "2026-02-30" }, "from"],
    ["an end before its start", { from: "2026-02-03", to: "2026-02-02" }, "after"],
    ["an option that does not exist", { tabel: "t" }, "tabel"],
  ] satisfies [string, Record<string, unknown>, string][]) {
    it(`refuses ${what}`, async () => {
      const error = await thrownBy(() => readSurvey({ execution: "x", input }));
      expect(error.name).to.equal("UserError");
      expect(error.message).to.contain(message);
    });
  }

  it("accepts an execution without an input as a run over everything", () => {
    expect(readSurvey({ execution: "x" }).input).to.deep.equal({ reason: "manual" });
  });
});
