import { expect } from "chai";
import fc from "fast-check";
import type { CatalogPackage } from "../../../../runtime/catalog";
import type { PlanPayload } from "../../../../runtime/contracts/layers";
import { planBatches, planRun, readPlan } from "../../../../runtime/layers/run/plan";
import { ARCHITECTURES, requirementOf } from "../../../../runtime/contracts/target";
import { FakeCatalogStore } from "../../catalog/fake-catalog-store";
import { thrownBy, NOW, now, recordingLog } from "../../shared/recorder";
import { FakeLayerStore, FakeArtifactStore, spec } from "../fakes";

type RunInput = PlanPayload["input"];

const SCOPE = { pythons: ["3.12", "3.13"], architectures: ARCHITECTURES, batchSize: 2 };
const row = (python: string, name: string, extras: string[] = [], specifier = ""): CatalogPackage => {
  return { ...spec(name, extras, specifier), python, license: "MIT", authors: "me" };
};
const CATALOG = [row("3.12", "a"), row("3.12", "b", [], "<2"), row("3.12", "c", ["x"]), row("3.13", "a")];
const input = (more: Partial<RunInput> = {}): RunInput => ({ force: false, ...more });
const plan = (more: Partial<RunInput> = {}) => planBatches("run", CATALOG, input(more), SCOPE);

describe("planBatches", () => {
  it("cuts the catalog by Python, with all architectures together", () => {
    const batches = plan();
    expect(
      batches.map(({ batch, packages }) => `${batch}: ${packages.map(requirementOf).join(" ")}`),
    ).to.deep.equal(["0000-3.12: a b", "0001-3.12: c[x]", "0002-3.13: a"]);
    expect(batches[0]).to.deep.include({
      builder: "3.12-x86_64",
      architectures: ["x86_64", "arm64"],
      force: false,
    });
    expect(batches[0]?.packages[1]).to.deep.include({ specifier: "<2", license: "MIT" });
  });

  it("narrows to Pythons and architectures, and lets one of those architectures resolve", () => {
    const [batch, ...others] = plan({ pythons: ["3.13"], architectures: ["arm64"], force: true });
    expect(others).to.deep.equal([]);
    expect(batch).to.deep.include({ builder: "3.13-arm64", architectures: ["arm64"], force: true });
  });

  it("builds named packages as the catalog has them, others by default, and a named version wins", () => {
    const batches = plan({ packages: ["B", "c[X]==1", "new[e]>=2", "b"], pythons: ["3.12"] });
    const packages = batches.flatMap((batch) => batch.packages);
    expect(packages.map((one) => `${requirementOf(one)}${one.specifier} ${one.license ?? ""}`)).to.deep.equal(
      ["b<2 MIT", "c[x]==1 MIT", "new[e]>=2 "],
    );
  });

  for (const [what, more] of [
    ["an unknown Python", { pythons: ["3.9"] }],
    ["a bad name", { packages: ["../x"] }],
    ["no package at all", { packages: [] }],
  ] satisfies [string, Partial<RunInput>][]) {
    it(`refuses ${what}`, async () => {
      const error = await thrownBy(() => plan(more));
      expect(error.name).to.equal("UserError");
    });
  }

  it("puts every package in exactly one batch of at most the batch size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9 }), (count, batchSize) => {
        const rows = Array.from({ length: count }, (_, index) => row("3.12", `p${index}`));
        const batches = planBatches("run", [...rows, row("3.13", "z")], input(), { ...SCOPE, batchSize });
        const names = batches.flatMap((batch) => batch.packages.map(({ name }) => `${batch.python} ${name}`));
        expect([...names].sort()).to.deep.equal([...rows.map(({ name }) => `3.12 ${name}`), "3.13 z"].sort());
        expect(Math.max(...batches.map(({ packages }) => packages.length))).to.be.at.most(batchSize);
        expect(new Set(batches.map(({ batch }) => batch)).size).to.equal(batches.length);
      }),
    );
  });
});

describe("planRun", () => {
  it("writes the batches, opens the run, and names it after the execution", async () => {
    const catalog = new FakeCatalogStore();
    const digest = "d";
    catalog.rows.set(digest, { packages: CATALOG, regions: [], skippedPythons: [], digest });
    catalog.active = { version: 3, digest, source: "", loadedAt: "", packages: 4, announced: true };
    const [artifacts, store] = [new FakeArtifactStore(), new FakeLayerStore()];
    const payload = {
      execution: "arn:aws:states:us-east-1:1:execution:build:Run-1",
      input: input({ reason: "test" }),
    };
    const answer = await planRun(payload, SCOPE, { catalog, artifacts, store, log: recordingLog(), now });
    const batchesKey = "runs/Run-1/batches.json";
    expect(answer).to.deep.equal({ runId: "Run-1", bucket: "home", batchesKey, batches: 3, targets: 8 });
    expect(await artifacts.readJson(batchesKey)).to.have.length(3);
    const startedAt = NOW.toISOString();
    const run = { runId: "Run-1", startedAt, status: "running", targets: 8, reason: "test" };
    expect(store.runs.get("Run-1")).to.deep.equal(run);
  });

  it("refuses an empty plan and opens no run", async () => {
    const store = new FakeLayerStore();
    const ports = {
      catalog: new FakeCatalogStore(),
      artifacts: new FakeArtifactStore(),
      store,
      log: recordingLog(),
      now,
    };
    const error = await thrownBy(() => planRun({ execution: "r", input: input() }, SCOPE, ports));
    expect(error).to.include({ name: "UserError" });
    expect(error.message).to.include("nothing to build");
    expect(store.runs.size).to.equal(0);
  });
});

describe("readPlan", () => {
  it("reads the input that starts a run: nothing, a catalog change, a schedule", () => {
    expect(readPlan({ execution: "r" }).input).to.deep.equal({ force: false });
    expect(
      readPlan({ execution: "r", input: { reason: "catalog", catalogVersion: 3 } }).input.reason,
    ).to.equal("catalog");
  });

  it("names what is wrong with a user's input", async () => {
    const error = await thrownBy(() => readPlan({ execution: "r", input: { package: "numpy" } }));
    expect(error.name).to.equal("UserError");
    expect(error.message).to.include("package");
  });
});
