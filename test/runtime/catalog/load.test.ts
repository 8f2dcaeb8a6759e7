import { expect } from "chai";
import { loadCatalog, type LoadAnswer } from "../../../runtime/catalog/load";
import { failureOf, NOW, now, recordingBus, recordingLog } from "../shared/recorder";
import { FakeCatalogStore } from "./fake-store";

const CONFIG = { bucket: "home", key: "catalog/config.json" };
const SCOPE = { pythons: ["3.12"], regions: ["us-east-1"] };

describe("loadCatalog", () => {
  let store: FakeCatalogStore;
  let bus: ReturnType<typeof recordingBus>;
  let objects: Map<string, string>;

  beforeEach(() => {
    store = new FakeCatalogStore();
    bus = recordingBus();
    objects = new Map([
      ["catalog/config.json", '{"python_versions": ["3.12"], "default_packages_file": "p.csv"}'],
      ["catalog/regions.csv", "Code,Name\nus-east-1,V\n"],
    ]);
    upload("a", "b");
  });

  function upload(...names: string[]): void {
    const rows = names.map((name) => `${name},MIT,me\n`).join("");
    objects.set("catalog/p.csv", `Package_Name,License,Authors/Maintainers\n${rows}`);
  }

  function load(): Promise<LoadAnswer> {
    const readText = (_bucket: string, key: string) => Promise.resolve(objects.get(key));
    return loadCatalog(CONFIG, SCOPE, { readText, store, emit: bus.emit, log: recordingLog(), now });
  }

  it("puts the first catalog in force and tells what was added", async () => {
    expect(await load()).to.deep.equal({ status: "loaded", version: 1, packages: 2 });
    expect(store.inForce).to.include({
      version: 1,
      source: "s3://home/catalog/config.json",
      announced: true,
    });
    expect(store.inForce?.loadedAt).to.equal(NOW.toISOString());
    expect(bus.events).to.have.length(1);
    expect(bus.events[0]).to.include({ source: "strata.catalog", type: "CatalogChanged" });
    expect(bus.events[0]?.detail).to.deep.include({ version: 1, added: ["3.12/a", "3.12/b"], removed: [] });
  });

  it("does nothing when nothing changed", async () => {
    await load();
    expect(await load()).to.deep.equal({ status: "unchanged", version: 1, packages: 2 });
    expect(bus.events).to.have.length(1);
  });

  it("tells the difference, and keeps the rows of one catalog back", async () => {
    await load();
    const first = store.inForce?.digest ?? "";
    upload("b", "c");
    await load();
    expect(bus.events[1]?.detail).to.deep.include({ version: 2, added: ["3.12/c"], removed: ["3.12/a"] });
    expect(store.digests).to.include(first);
    upload("c");
    await load();
    expect(store.digests).to.have.length(2).and.not.include(first);
  });

  it("goes back to the catalog before without losing its rows", async () => {
    await load();
    upload("c");
    await load();
    upload("a", "b");
    await load();
    expect(store.inForce?.version).to.equal(3);
    expect(store.digests).to.have.length(2).and.include(store.inForce?.digest);
  });

  it("refuses a wrong catalog whole: recorded, told, no error, the one before in force", async () => {
    await load();
    const before = store.inForce;
    objects.set("catalog/p.csv", "Package_Name,License,Authors/Maintainers\nc,,\n../x,,\n");
    const answer = await load();
    expect(answer.status).to.equal("refused");
    expect(store.inForce).to.equal(before);
    expect(store.digests).to.have.length(1);
    expect(store.refused[0]).to.deep.include({ at: NOW.toISOString(), problemCount: 1 });
    expect(store.refused[0]?.problems[0]).to.include({ file: "p.csv", line: 3 });
    expect(bus.events[1]).to.deep.include({ type: "CatalogRefused", detail: store.refused[0] });
  });

  it("refuses a catalog of which a file is missing", async () => {
    objects.delete("catalog/p.csv");
    expect(await load()).to.have.property("status", "refused");
    expect(store.refused[0]?.problems[0]?.reason).to.include("is missing");
    objects.delete("catalog/config.json");
    expect(await load()).to.have.property("status", "refused");
  });

  it("starts over with fresh files when another load was faster", async () => {
    await load();
    upload("mine");
    let raced = false;
    store.beforeFlip = () => {
      if (raced || store.inForce === undefined) return;
      raced = true;
      store.inForce = { ...store.inForce, version: 2, digest: "other", previousDigest: store.inForce.digest };
    };
    expect(await load()).to.include({ status: "loaded", version: 3 });
    expect(store.inForce).to.include({ previousDigest: "other" });
  });

  it("gives up, and leaves no rows, when others keep being faster", async () => {
    store.beforeFlip = () => {
      const version = (store.inForce?.version ?? 0) + 1;
      const state = {
        version,
        digest: `other-${version}`,
        source: "",
        loadedAt: "",
        packages: 1,
        announced: true,
      };
      store.inForce = state;
    };
    expect(await failureOf(load)).to.have.property("name", "UpstreamError");
    expect(store.digests).to.deep.equal([]);
  });

  it("tells of a catalog whose load died before it could", async () => {
    await load();
    if (store.inForce !== undefined) store.inForce = { ...store.inForce, announced: false };
    bus.events.length = 0;
    expect(await load()).to.have.property("status", "unchanged");
    expect(bus.events.map(({ type }) => type)).to.deep.equal(["CatalogChanged"]);
    expect(store.inForce?.announced).to.equal(true);
  });
});
