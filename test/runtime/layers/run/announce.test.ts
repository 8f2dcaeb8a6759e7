import { expect } from "chai";
import { countRun } from "../../../../runtime/layers";
import { announceRun, statusOf } from "../../../../runtime/layers/run/announce";
import type { Outcome, Publication } from "../../../../runtime/layers/entities/entities";
import { NOW, now, recordingBus, recordingLog } from "../../shared/recorder";
import { FakeLayerStore, sha256 } from "../fakes";

const publication = (region: string, status: Publication["status"], arn?: string): Publication => ({
  ...{ runId: "run", region, item: "i", status, python: "3.12", architectures: ["x86_64"] },
  ...{ requirement: "numpy", packageVersion: "2.0", sha256: sha256("zip") },
  ...(arn === undefined ? {} : { arn }),
});
const outcome = (requirement: string, status: Outcome["status"]): Outcome => {
  return { runId: "run", python: "3.12", architecture: "x86_64", requirement, status };
};

describe("announceRun", () => {
  let store: FakeLayerStore;
  let bus: ReturnType<typeof recordingBus>;
  beforeEach(() => {
    store = new FakeLayerStore();
    bus = recordingBus();
    store.runs.set("run", { runId: "run", startedAt: "", status: "running", targets: 3 });
    for (const row of [outcome("a", "built"), outcome("b", "unchanged"), outcome("c", "failed")]) {
      store.outcomeRows.set(row.requirement, row);
    }
    const rows = [
      publication("us-east-1", "published", "arn:1"),
      publication("eu-west-1", "existing", "arn:2"),
      publication("sa-east-1", "refused"),
    ];
    for (const row of rows) store.publicationRows.set(row.region, row);
  });
  const announce = (error?: { Error: string; Cause: string }) =>
    announceRun({ runId: "run", error }, { store, emit: bus.emit, log: recordingLog(), now });

  it("sends an event for each layer version that is new, and for nothing else", async () => {
    await announce();
    expect(bus.events).to.have.length(1);
    expect(bus.events[0]).to.deep.equal({
      source: "strata.layers",
      type: "LayerPublished",
      detail: {
        ...{ runId: "run", region: "us-east-1", arn: "arn:1", requirement: "numpy", packageVersion: "2.0" },
        ...{ python: "3.12", architectures: ["x86_64"], sha256: sha256("zip") },
      },
    });
  });

  it("closes the run with its counts", async () => {
    const counts = { built: 1, unchanged: 1, failed: 1, published: 1, refused: 1 };
    expect(await announce()).to.deep.equal({ runId: "run", status: "partial", ...counts });
    expect(store.runs.get("run")).to.deep.include({
      status: "partial",
      finishedAt: NOW.toISOString(),
      counts,
    });
  });

  it("closes a run that failed as a whole with its reason", async () => {
    await announce({ Error: "BugError", Cause: "broken" });
    expect(store.runs.get("run")).to.include({ status: "failed" });
    expect(store.runs.get("run")?.error).to.include("broken");
  });
});

describe("statusOf", () => {
  const counts = countRun([], []);
  it("tells apart success, partial success and failure", () => {
    expect(statusOf(counts)).to.equal("succeeded");
    expect(statusOf({ ...counts, built: 1 })).to.equal("succeeded");
    expect(statusOf({ ...counts, built: 1, refused: 1 })).to.equal("partial");
    expect(statusOf({ ...counts, unchanged: 1, failed: 1 })).to.equal("partial");
    expect(statusOf({ ...counts, failed: 1 })).to.equal("failed");
  });
});
