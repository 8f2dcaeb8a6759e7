import { expect } from "chai";
import { recordSchema, recordStep } from "../../../../runtime/layers/run/record";
import { workItemSchema } from "../../../../runtime/contracts/layers";
import { now, recordingLog } from "../../shared/recorder";
import { batchOf, builtOf, FakeLayerStore, FakeArtifactStore, itemOf, keyOf, sha256, spec } from "../fakes";

const REGIONS = ["us-east-1", "eu-west-1"];
const ITEM_KEY = "runs/run/items/numpy-item.json";
const STAGED = "staging/run/numpy-item.zip";
const ARTIFACT = `artifacts/${sha256("zip")}.zip`;
const WORK = { runId: "run", item: "numpy-item", itemKey: ITEM_KEY, builder: "b", needs: "build" };
const ANSWER = {
  status: "built",
  sha256: sha256("zip"),
  zipBytes: 3,
  unzippedBytes: 100,
  importTest: { status: "passed", modules: ["numpy"] },
  dependencies: ["numpy==2.0"],
};

describe("recordStep", () => {
  let artifacts: FakeArtifactStore;
  let store: FakeLayerStore;
  beforeEach(async () => {
    artifacts = new FakeArtifactStore();
    store = new FakeLayerStore();
    await artifacts.writeJson(ITEM_KEY, itemOf({ architectures: ["x86_64", "arm64"] }));
    artifacts.contents.set(STAGED, "zip");
  });

  const step = (payload: unknown) =>
    recordStep(recordSchema.parse(payload), REGIONS, { artifacts, store, log: recordingLog(), now });
  const build = (answer: unknown = ANSWER) => step({ operation: "build", item: WORK, answer });
  const failure = () => store.failures.get(keyOf("3.12", "x86_64", "numpy"));

  describe("of a build", () => {
    it("moves the zip among the artifacts, records every target and sends it to every region", async () => {
      const { publish } = await build();
      const entry = { runId: "run", itemKey: ITEM_KEY, sha256: sha256("zip") };
      expect(publish).to.deep.equal(REGIONS.map((region) => ({ ...entry, region })));
      expect(artifacts.copies).to.deep.equal([{ from: `home/${STAGED}`, to: ARTIFACT, etag: "etag of zip" }]);
      expect(artifacts.contents.has(STAGED)).to.equal(false);
      expect(store.statuses()).to.deep.equal(["3.12/arm64/numpy built", "3.12/x86_64/numpy built"]);
      expect(store.builds.get(keyOf("3.12", "arm64", "numpy"))).to.include({
        version: "2.0",
        runId: "run",
        zipBytes: 3,
      });
      expect(workItemSchema.parse(await artifacts.readJson(ITEM_KEY)).artifact?.sha256).to.equal(
        sha256("zip"),
      );
    });

    it("leaves an artifact alone that is there already", async () => {
      artifacts.contents.set(ARTIFACT, "zip");
      expect((await build()).publish).to.have.length(2);
      expect(artifacts.copies).to.deep.equal([]);
    });

    it("comes to the same when it is run again", async () => {
      const first = await build();
      expect(await build()).to.deep.equal(first);
      expect(store.failures.size).to.equal(0);
    });

    for (const [what, answer] of [
      ["other bytes than were hashed", { ...ANSWER, sha256: sha256("good") }],
      ["another size", { ...ANSWER, zipBytes: 4 }],
    ] as const) {
      it(`throws away a zip that has ${what}`, async () => {
        expect((await build(answer)).publish).to.deep.equal([]);
        expect(failure()?.kind).to.equal("hash");
        expect(artifacts.copies).to.deep.equal([]);
        expect(artifacts.contents.has(STAGED)).to.equal(false);
        expect(store.builds.size).to.equal(0);
      });
    }

    it("fails when nothing was uploaded", async () => {
      artifacts.contents.delete(STAGED);
      expect((await build()).publish).to.deep.equal([]);
      expect(failure()?.message).to.include("uploaded nothing");
    });

    it("fails when the answer is not what the contract says", async () => {
      await build({ ...ANSWER, sha256: "../x" });
      expect(failure()?.kind).to.equal("internal");
    });

    it("records the builder's failure beside the earlier good build, which stays", async () => {
      store.builds.set(keyOf("3.12", "x86_64", "numpy"), builtOf("old"));
      const cause = { kind: "import", message: "numpy does not import.", lastLines: ["Traceback"] };
      expect((await build({ status: "failed", failure: cause })).publish).to.deep.equal([]);
      expect(failure()).to.deep.include({ ...cause, version: "2.0", runId: "run" });
      expect(store.failures.size).to.equal(2);
      expect(store.builds.get(keyOf("3.12", "x86_64", "numpy"))?.sha256).to.equal(sha256("old"));
    });
  });

  it("records a builder that crashed as internal, a busy upstream as network", async () => {
    const error = {
      Error: "Runtime.ExitError",
      Cause: '{"errorMessage":"signal: killed","trace":["a","b"]}',
    };
    await step({ operation: "build-error", item: WORK, error });
    expect(failure()).to.deep.include({ kind: "internal", lastLines: ["a", "b"] });
    expect(failure()?.message).to.include("signal: killed");
    await step({ operation: "build-error", item: WORK, error: { Error: "UpstreamError", Cause: "busy" } });
    expect(failure()?.kind).to.equal("network");
  });

  it("lists the lacking regions of what needs no build", async () => {
    const { sha256: name, zipBytes, unzippedBytes, dependencies, importTest } = builtOf("zip");
    const artifact = { sha256: name, zipBytes, unzippedBytes, dependencies: [...dependencies], importTest };
    await artifacts.writeJson(ITEM_KEY, itemOf({ needs: "publish", regions: ["eu-west-1"], artifact }));
    const { publish } = await step({ operation: "publish-list", item: { ...WORK, needs: "publish" } });
    expect(publish.map(({ region }) => region)).to.deep.equal(["eu-west-1"]);
  });

  it("notes a region that refused, and what is published stays so", async () => {
    const publication = { runId: "run", itemKey: ITEM_KEY, region: "eu-west-1", sha256: sha256("zip") };
    const payload = { operation: "publish-error", publication, error: { Error: "UserError", Cause: "no" } };
    await step(payload);
    const [noted] = await store.publications("run");
    expect(noted).to.include({ region: "eu-west-1", status: "refused", requirement: "numpy" });
    expect(noted?.error).to.include("no");
    if (noted !== undefined)
      store.publicationRows.set("run/eu-west-1/numpy-item", { ...noted, status: "published" });
    await step(payload);
    expect((await store.publications("run"))[0]?.status).to.equal("published");
  });

  it("fails each target of a batch that crashed", async () => {
    const batch = batchOf([spec("numpy"), spec("psycopg", ["binary"])]);
    await step({ operation: "batch-error", batch, error: { Error: "States.Timeout" } });
    expect(store.statuses()).to.deep.equal([
      "3.12/arm64/numpy failed",
      "3.12/arm64/psycopg[binary] failed",
      "3.12/x86_64/numpy failed",
      "3.12/x86_64/psycopg[binary] failed",
    ]);
    expect(failure()?.message).to.include("Time ran out while resolving");
  });
});
