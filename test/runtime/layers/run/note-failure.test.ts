import { expect } from "chai";
import { noteFailedBatch, noteFailedBuild, noteRefusal } from "../../../../runtime/layers/run/note-failure";
import { now, recordingLog } from "../../shared/recorder";
import { batchOf, FakeArtifactStore, FakeLayerStore, itemOf, keyOf, sha256, spec, workOf } from "../fakes";

const ITEM = itemOf({ architectures: ["x86_64", "arm64"] });
const ITEM_KEY = "runs/run/items/numpy-item.json";
const STAGED = "staging/run/numpy-item.zip";

describe("noting a failure", () => {
  let artifacts: FakeArtifactStore;
  let store: FakeLayerStore;
  beforeEach(async () => {
    artifacts = new FakeArtifactStore();
    store = new FakeLayerStore();
    await artifacts.writeJson(ITEM_KEY, ITEM);
    artifacts.contents.set(STAGED, "zip");
  });

  const ports = () => ({ artifacts, store, log: recordingLog(), now });
  const failure = () => store.failures.get(keyOf("3.12", "x86_64", "numpy"));

  it("of a build tells a builder that crashed from a busy upstream, and removes what was uploaded", async () => {
    const build = (error: { Error: string; Cause: string }) =>
      noteFailedBuild({ item: workOf(ITEM), error }, ports());
    const answer = await build({
      Error: "Runtime.ExitError",
      Cause: '{"errorMessage":"signal: killed","trace":["a","b"]}',
    });
    expect(answer).to.deep.equal({ publish: [] });
    expect(failure()).to.deep.include({ kind: "internal", lastLines: ["a", "b"] });
    expect(failure()?.message).to.include("signal: killed");
    expect(store.statuses()).to.deep.equal(["3.12/arm64/numpy failed", "3.12/x86_64/numpy failed"]);
    expect(artifacts.contents.has(STAGED)).to.equal(false);
    await build({ Error: "UpstreamError", Cause: "busy" });
    expect(failure()?.kind).to.equal("network");
  });

  it("of a batch fails each of its targets", async () => {
    const batch = batchOf([spec("numpy"), spec("psycopg", ["binary"])]);
    const answer = await noteFailedBatch({ batch, error: { Error: "States.Timeout", Cause: "" } }, ports());
    expect(answer).to.deep.equal({ publish: [] });
    expect(store.statuses()).to.deep.equal([
      "3.12/arm64/numpy failed",
      "3.12/arm64/psycopg[binary] failed",
      "3.12/x86_64/numpy failed",
      "3.12/x86_64/psycopg[binary] failed",
    ]);
    expect(failure()?.message).to.include("Time ran out while resolving");
  });

  it("of a region that refused keeps what is published", async () => {
    const publication = { runId: "run", item: "numpy-item", region: "eu-west-1", sha256: sha256("zip") };
    const note = () => noteRefusal({ publication, error: { Error: "UserError", Cause: "no" } }, ports());
    await note();
    const [noted] = await store.publications("run");
    expect(noted).to.include({ region: "eu-west-1", status: "refused", requirement: "numpy" });
    expect(noted?.error).to.include("no");
    if (noted !== undefined) {
      store.publicationRows.set("run/eu-west-1/numpy-item", { ...noted, status: "published" });
    }
    await note();
    expect((await store.publications("run"))[0]?.status).to.equal("published");
  });
});
