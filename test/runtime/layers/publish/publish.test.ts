import { expect } from "chai";
import { publishItem } from "../../../../runtime/layers/publish/publish";
import { artifactSchema } from "../../../../runtime/contracts/builder";
import type { WorkItem } from "../../../../runtime/contracts/layers";
import type { Architecture } from "../../../../runtime/contracts/target";
import { thrownBy, NOW, now, recordingLog } from "../../shared/recorder";
import {
  builtOf,
  FakeLayerVersionStore,
  FakeLayerStore,
  FakeArtifactStore,
  itemOf,
  layerOf,
  sha256,
} from "../fakes";

const ITEM_KEY = "runs/run/items/numpy-item.json";
const REGION = "eu-west-1";
const ARTIFACT = `artifacts/${sha256("zip")}.zip`;
const REQUEST = { runId: "run", item: "numpy-item", region: REGION, sha256: sha256("zip") };
const BOTH: Architecture[] = ["x86_64", "arm64"];

describe("publishItem", () => {
  let home: FakeArtifactStore;
  let regional: FakeArtifactStore;
  let versions: FakeLayerVersionStore;
  let store: FakeLayerStore;
  beforeEach(async () => {
    home = new FakeArtifactStore();
    regional = new FakeArtifactStore("regional");
    versions = new FakeLayerVersionStore(REGION);
    store = new FakeLayerStore();
    await putItem();
  });

  function putItem(more: Partial<WorkItem> = {}): Promise<void> {
    const artifact = artifactSchema.parse(builtOf("zip"));
    return home.writeJson(ITEM_KEY, itemOf({ artifact, ...more }));
  }

  function publish() {
    const scope = { prefix: "strata", visibility: { kind: "public" } as const, expiryDays: 10 };
    const ports = {
      home,
      regional: () => ({ artifacts: regional, versions }),
      store,
      log: recordingLog(),
      now,
    };
    return publishItem(REQUEST, scope, ports);
  }

  it("copies the artifact into the region, publishes it from there, lets others use it and records it", async () => {
    const arn = `arn:aws:lambda:${REGION}:123456789012:layer:strata-p312-numpy:1`;
    expect(await publish()).to.deep.equal({ status: "published", region: REGION, arn });
    expect(regional.copies).to.deep.equal([{ from: `home/${ARTIFACT}`, to: ARTIFACT }]);
    expect(versions.published).to.deep.equal([
      {
        name: "strata-p312-numpy",
        bucket: "regional",
        key: ARTIFACT,
        python: "3.12",
        architectures: ["x86_64"],
        license: "BSD",
        description: `strata sha256:${sha256("zip")} numpy 2.0`,
      },
    ]);
    expect(versions.permissions).to.deep.equal(["strata-p312-numpy:1 public"]);
    expect(store.layers[0]).to.deep.include({
      arn,
      status: "latest",
      layerVersion: 1,
      dependencies: ["numpy==2.0"],
    });
    expect((await store.publications("run"))[0]).to.include({ arn, status: "published", region: REGION });
  });

  it("publishes bytes that are for both architectures as one layer version, with a row for each", async () => {
    await putItem({ architectures: BOTH });
    await publish();
    expect(versions.published).to.have.length(1);
    expect(store.layers.map(({ architecture, layerName }) => `${architecture} ${layerName}`)).to.deep.equal([
      "x86_64 strata-p312-numpy",
      "arm64 strata-p312-numpy",
    ]);
  });

  it("finds what it published when it is run again, and keeps its record as published", async () => {
    const first = await publish();
    expect(await publish()).to.deep.equal({ ...first, status: "existing" });
    expect(versions.published).to.have.length(1);
    expect((await store.publications("run"))[0]?.status).to.equal("published");
  });

  it("finds a version that was published and never recorded by the mark in its description", async () => {
    await publish();
    store.layers = [];
    store.publicationRows.clear();
    expect(await publish()).to.include({ status: "published" });
    expect(versions.published).to.have.length(1);
    expect(store.layers).to.have.length(1);
    expect((await store.publications("run"))[0]?.status).to.equal("published");
  });

  it("publishes again what was published for one architecture only", async () => {
    await publish();
    await putItem({ architectures: BOTH });
    expect(await publish()).to.include({ status: "published" });
    expect(versions.published).to.have.length(2);
    expect(store.layers.filter(({ status }) => status === "latest")).to.have.length(2);
  });

  it("deprecates the version that it replaces, with the day it expires", async () => {
    const target = { python: "3.12", architecture: "x86_64" as const, requirement: "numpy" };
    const old = layerOf(target, REGION, "old", { arn: "arn:old:1" });
    const other = layerOf(target, "us-east-1", "old", { arn: "arn:other:1" });
    store.layers = [old, other];
    await publish();
    const byArn = new Map(store.layers.map((row) => [row.arn, row]));
    expect(byArn.get("arn:old:1")).to.include({
      status: "deprecated",
      expiryDate: "2026-12-01T10:00:00.000Z",
    });
    expect(byArn.get("arn:other:1")).to.deep.equal(other);
  });

  it("makes a deprecated version with the same bytes the latest again instead of publishing another", async () => {
    const target = { python: "3.12", architecture: "x86_64" as const, requirement: "numpy" };
    const expiryDate = NOW.toISOString();
    const good = layerOf(target, REGION, "zip", { arn: "arn:good:1", status: "deprecated", expiryDate });
    store.layers = [good, layerOf(target, REGION, "bad", { arn: "arn:bad:2" })];
    expect(await publish()).to.deep.equal({ status: "published", region: REGION, arn: "arn:good:1" });
    expect(versions.published).to.deep.equal([]);
    const [back] = store.layers.filter(({ status }) => status === "latest");
    expect(back)
      .to.deep.include({ arn: "arn:good:1", publishedAt: good.publishedAt })
      .and.not.have.property("expiryDate");
    expect(store.layers.find(({ arn }) => arn === "arn:bad:2")?.status).to.equal("deprecated");
  });

  it("does not copy an artifact that the region has", async () => {
    regional.contents.set(ARTIFACT, "zip");
    await publish();
    expect(regional.copies).to.deep.equal([]);
  });

  it("refuses an item whose artifact has other bytes", async () => {
    await putItem({ artifact: undefined });
    expect(await thrownBy(publish)).to.have.property("name", "BugError");
    expect(versions.published).to.deep.equal([]);
  });
});
