import { expect } from "chai";
import type { BuildResult } from "../../../../runtime/contracts/builder";
import { workItemSchema } from "../../../../runtime/contracts/layers";
import { acceptArtifact } from "../../../../runtime/layers/run/accept-artifact";
import { now, recordingLog } from "../../shared/recorder";
import { builtOf, FakeArtifactStore, FakeLayerStore, itemOf, keyOf, sha256, workOf } from "../fakes";

const REGIONS = ["us-east-1", "eu-west-1"];
const ITEM = itemOf({ architectures: ["x86_64", "arm64"] });
const ITEM_KEY = "runs/run/items/numpy-item.json";
const STAGED = "staging/run/numpy-item.zip";
const ARTIFACT = `artifacts/${sha256("zip")}.zip`;
const ANSWER: BuildResult = {
  status: "built",
  sha256: sha256("zip"),
  zipBytes: 3,
  unzippedBytes: 100,
  importTest: { status: "passed", modules: ["numpy"] },
  dependencies: ["numpy==2.0"],
  members: { spliced: 1, deflated: 0 },
  milliseconds: { fetch: 1, install: 1, import: 1, zip: 1, upload: 1 },
};

describe("acceptArtifact", () => {
  let artifacts: FakeArtifactStore;
  let store: FakeLayerStore;
  beforeEach(async () => {
    artifacts = new FakeArtifactStore();
    store = new FakeLayerStore();
    await artifacts.writeJson(ITEM_KEY, ITEM);
    artifacts.contents.set(STAGED, "zip");
  });

  const accept = (answer: unknown = ANSWER) =>
    acceptArtifact({ item: workOf(ITEM), answer }, REGIONS, { artifacts, store, log: recordingLog(), now });
  const failure = () => store.failures.get(keyOf("3.12", "x86_64", "numpy"));

  it("moves the zip to the artifacts, records every target and sends it to every region", async () => {
    const { publish } = await accept();
    const entry = { runId: "run", item: "numpy-item", sha256: sha256("zip") };
    expect(publish).to.deep.equal(REGIONS.map((region) => ({ ...entry, region })));
    expect(artifacts.copies).to.deep.equal([{ from: `home/${STAGED}`, to: ARTIFACT, etag: "etag of zip" }]);
    expect(artifacts.contents.has(STAGED)).to.equal(false);
    expect(store.statuses()).to.deep.equal(["3.12/arm64/numpy built", "3.12/x86_64/numpy built"]);
    expect(store.builds.get(keyOf("3.12", "arm64", "numpy"))).to.include({
      version: "2.0",
      runId: "run",
      zipBytes: 3,
    });
    const { artifact } = workItemSchema.parse(await artifacts.readJson(ITEM_KEY));
    expect(artifact?.sha256).to.equal(sha256("zip"));
  });

  it("does not copy over an artifact that exists already", async () => {
    artifacts.contents.set(ARTIFACT, "zip");
    expect((await accept()).publish).to.have.length(2);
    expect(artifacts.copies).to.deep.equal([]);
  });

  it("gives the same answer when it is run again", async () => {
    const first = await accept();
    expect(await accept()).to.deep.equal(first);
    expect(store.failures.size).to.equal(0);
  });

  for (const [what, answer] of [
    ["other bytes than were hashed", { ...ANSWER, sha256: sha256("good") }],
    ["another size", { ...ANSWER, zipBytes: 4 }],
  ] as const) {
    it(`throws away a zip that has ${what}`, async () => {
      expect((await accept(answer)).publish).to.deep.equal([]);
      expect(failure()?.kind).to.equal("hash");
      expect(artifacts.copies).to.deep.equal([]);
      expect(artifacts.contents.has(STAGED)).to.equal(false);
      expect(store.builds.size).to.equal(0);
    });
  }

  it("fails the targets when nothing was uploaded", async () => {
    artifacts.contents.delete(STAGED);
    expect((await accept()).publish).to.deep.equal([]);
    expect(failure()?.message).to.include("uploaded nothing");
  });

  it("fails the targets when the answer is not what the contract says", async () => {
    await accept({ ...ANSWER, sha256: "../x" });
    expect(failure()?.kind).to.equal("internal");
  });

  it("records the builder's failure beside the earlier good build, which stays", async () => {
    store.builds.set(keyOf("3.12", "x86_64", "numpy"), builtOf("old"));
    const cause = { kind: "import", message: "numpy does not import.", lastLines: ["Traceback"] };
    expect((await accept({ status: "failed", failure: cause })).publish).to.deep.equal([]);
    expect(failure()).to.deep.include({ ...cause, version: "2.0", runId: "run" });
    expect(store.failures.size).to.equal(2);
    expect(store.builds.get(keyOf("3.12", "x86_64", "numpy"))?.sha256).to.equal(sha256("old"));
  });
});
