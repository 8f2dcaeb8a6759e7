import { expect } from "chai";
import type { ResolvedTarget } from "../../../../runtime/contracts/builder";
import { compareBatch } from "../../../../runtime/layers/run/compare";
import { keys } from "../../../../runtime/layers/keys";
import { workItemSchema, type Batch, type WorkItem } from "../../../../runtime/contracts/layers";
import type { Architecture, PackageSpec } from "../../../../runtime/contracts/target";
import { thrownBy, now, recordingLog } from "../../shared/recorder";
import {
  batchOf,
  builtOf,
  FakeLayerStore,
  FakeArtifactStore,
  keyOf,
  layerOf,
  lockOf,
  sha256,
  spec,
} from "../fakes";

const REGIONS = ["us-east-1", "eu-west-1"];
const BOTH: readonly Architecture[] = ["x86_64", "arm64"];

function resolved(name: string, architecture: Architecture, key = name, pure = false): ResolvedTarget {
  const lock = lockOf(name);
  const answer = { version: "2.0", lock, pure, buildKey: sha256(key) };
  return { status: "resolved", package: spec(name), architecture, ...answer };
}

describe("compareBatch", () => {
  let artifacts: FakeArtifactStore;
  let store: FakeLayerStore;
  beforeEach(() => {
    artifacts = new FakeArtifactStore();
    store = new FakeLayerStore();
  });

  async function compare(
    specs: readonly PackageSpec[],
    targets: readonly unknown[],
    more: Partial<Batch> = {},
  ) {
    const batch = batchOf(specs, more);
    await artifacts.writeJson(keys.resolved(batch.runId, batch.batch), { targets });
    return compareBatch(batch, REGIONS, { artifacts, store, log: recordingLog(), now });
  }

  async function items(): Promise<WorkItem[]> {
    const found = await artifacts.list("runs/run/items/");
    return Promise.all(found.map(async (key) => workItemSchema.parse(await artifacts.readJson(key))));
  }

  function haveBuilt(architectures: readonly Architecture[], content = "zip", key = "numpy"): void {
    artifacts.contents.set(keys.artifact(sha256(content)), content);
    for (const architecture of architectures) {
      store.builds.set(keyOf("3.12", architecture, "numpy"), builtOf(content, { buildKey: sha256(key) }));
    }
  }

  function havePublished(architectures: readonly Architecture[], regions = REGIONS, content = "zip"): void {
    for (const architecture of architectures) {
      const target = { python: "3.12", architecture, requirement: "numpy" };
      store.layers.push(...regions.map((region) => layerOf(target, region, content)));
    }
  }

  it("makes one item of each architecture's own bytes", async () => {
    const targets = BOTH.map((architecture) => resolved("numpy", architecture, `numpy-${architecture}`));
    const answer = await compare([spec("numpy")], targets);
    expect(answer).to.deep.equal({ batch: "0000-3.12", build: 2, publish: 0, unchanged: 0, failed: 0 });
    const [one, other] = await items();
    expect([one?.builder, other?.builder]).to.deep.equal(["3.12-x86_64", "3.12-arm64"]);
    expect(one?.package.license).to.equal("MIT");
    expect(one).to.deep.include({
      next: "build",
      regions: REGIONS,
      version: "2.0",
      runId: "run",
    });
  });

  it("makes one item of bytes that architectures share", async () => {
    const targets = BOTH.map((architecture) => resolved("numpy", architecture, "same", true));
    expect(await compare([spec("numpy")], targets)).to.include({ build: 1 });
    expect((await items())[0]?.architectures).to.deep.equal(BOTH);
  });

  it("drops what is built and published everywhere", async () => {
    haveBuilt(BOTH);
    havePublished(BOTH);
    const targets = BOTH.map((architecture) => resolved("numpy", architecture, "numpy", true));
    expect(await compare([spec("numpy")], targets)).to.include({ build: 0, publish: 0, unchanged: 2 });
    expect(await items()).to.deep.equal([]);
    expect(store.statuses()).to.deep.equal(["3.12/arm64/numpy unchanged", "3.12/x86_64/numpy unchanged"]);
  });

  it("publishes what is built only where it is missing", async () => {
    haveBuilt(BOTH);
    havePublished(BOTH, ["us-east-1"]);
    havePublished(["x86_64"], ["eu-west-1"]);
    const targets = BOTH.map((architecture) => resolved("numpy", architecture, "numpy", true));
    expect(await compare([spec("numpy")], targets)).to.include({ build: 0, publish: 1, unchanged: 2 });
    const [item] = await items();
    expect(item).to.deep.include({ next: "publish", regions: ["eu-west-1"] });
    expect(item?.artifact?.sha256).to.equal(sha256("zip"));
  });

  it("does not count a deprecated layer, or one with other bytes, as published", async () => {
    haveBuilt(["x86_64"]);
    havePublished(["x86_64"], ["us-east-1"], "other bytes");
    const target = { python: "3.12", architecture: "x86_64" as const, requirement: "numpy" };
    store.layers.push(layerOf(target, "eu-west-1", "zip", { status: "deprecated" }));
    await compare([spec("numpy")], [resolved("numpy", "x86_64")], { architectures: ["x86_64"] });
    expect((await items())[0]?.regions).to.deep.equal(REGIONS);
  });

  it("builds again when the key changed, the artifact is missing, or the run is forced", async () => {
    haveBuilt(["x86_64"]);
    havePublished(["x86_64"]);
    const one = { architectures: ["x86_64" as const] };
    const target = resolved("numpy", "x86_64");
    expect(await compare([spec("numpy")], [target], { ...one, force: true })).to.include({ build: 1 });
    expect((await items())[0]?.expectedBytes).to.equal(3);
    expect(await compare([spec("numpy")], [resolved("numpy", "x86_64", "new key")], one)).to.include({
      build: 1,
    });
    artifacts.contents.delete(keys.artifact(sha256("zip")));
    expect(await compare([spec("numpy")], [target], one)).to.include({ build: 1, unchanged: 0 });
  });

  it("takes the bytes of another target with the same key instead of building", async () => {
    haveBuilt(["x86_64"]);
    havePublished(["x86_64"]);
    const targets = BOTH.map((architecture) => resolved("numpy", architecture, "numpy", true));
    expect(await compare([spec("numpy")], targets)).to.include({ build: 0, publish: 1 });
    expect(store.builds.get(keyOf("3.12", "arm64", "numpy"))?.sha256).to.equal(sha256("zip"));
    expect((await items())[0]).to.deep.include({ architectures: BOTH, regions: REGIONS });
  });

  it("records what did not resolve; the earlier good build stays, and the others go on", async () => {
    haveBuilt(["x86_64"]);
    const failure = { kind: "no-wheel", message: "There is no wheel.", lastLines: ["x"] };
    const failed = { status: "failed", package: spec("numpy"), architecture: "x86_64", failure };
    const answer = await compare([spec("numpy"), spec("idna")], [failed, resolved("idna", "x86_64")], {
      architectures: ["x86_64"],
    });
    expect(answer).to.include({ build: 1, failed: 1 });
    expect(store.failures.get(keyOf("3.12", "x86_64", "numpy"))).to.deep.include(failure);
    expect(store.builds.has(keyOf("3.12", "x86_64", "numpy"))).to.equal(true);
  });

  it("clears the failure of a target that resolves to its good build again", async () => {
    haveBuilt(["x86_64"]);
    havePublished(["x86_64"]);
    const failure = { kind: "network" as const, message: "m", lastLines: [], runId: "earlier", at: "" };
    store.failures.set(keyOf("3.12", "x86_64", "numpy"), failure);
    await compare([spec("numpy")], [resolved("numpy", "x86_64")], { architectures: ["x86_64"] });
    expect(store.failures.size).to.equal(0);
  });

  it("fails what the builder left out and drops what nobody asked for", async () => {
    const answer = await compare([spec("numpy")], [resolved("stranger", "x86_64")], {
      architectures: ["x86_64"],
    });
    expect(answer).to.include({ build: 0, failed: 1 });
    expect(store.failures.get(keyOf("3.12", "x86_64", "numpy"))?.kind).to.equal("internal");
  });

  it("refuses an answer that is not what the contract says", async () => {
    const wrong = { ...resolved("numpy", "x86_64"), buildKey: "../../artifacts/x" };
    const error = await thrownBy(() => compare([spec("numpy")], [wrong]));
    expect(error.name).to.equal("BugError");
    expect(error.cause).to.be.instanceOf(Error);
    expect(await items()).to.deep.equal([]);
  });

  it("writes the same items when it is run again", async () => {
    const targets = BOTH.map((architecture) => resolved("numpy", architecture, architecture));
    await compare([spec("numpy")], targets);
    const before = new Map(artifacts.contents);
    await compare([spec("numpy")], targets);
    expect(artifacts.contents).to.deep.equal(before);
  });
});
