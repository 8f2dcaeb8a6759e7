import { expect } from "chai";
import { loadCatalog, type LoadAnswer } from "../../../runtime/catalog/load";
import { thrownBy, NOW, now, recordingBus, recordingLog } from "../shared/recorder";
import { FakeCatalogStore } from "./fake-catalog-store";

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

  it("makes the first catalog active and announces what was added", async () => {
    expect(await load()).to.deep.equal({ status: "loaded", version: 1, packages: 2 });
    expect(store.active).to.include({
      version: 1,
      source: "s3://home/catalog/config.json",
      announced: true,
    });
    expect(store.active?.loadedAt).to.equal(NOW.toISOString());
    expect(bus.events).to.have.length(1);
    expect(bus.events[0]).to.include({ source: "strata.catalog", type: "CatalogChanged" });
    expect(bus.events[0]?.detail).to.deep.include({ version: 1, added: ["3.12/a", "3.12/b"], removed: [] });
  });

  it("does nothing when nothing changed", async () => {
    await load();
    expect(await load()).to.deep.equal({ status: "unchanged", version: 1, packages: 2 });
    expect(bus.events).to.have.length(1);
  });

  it("announces the difference, and keeps the rows of the previous catalog", async () => {
    await load();
    const first = store.active?.digest ?? "";
    upload("b", "c");
    await load();
    expect(bus.events[1]?.detail).to.deep.include({ version: 2, added: ["3.12/c"], removed: ["3.12/a"] });
    expect(store.digests).to.include(first);
    upload("c");
    await load();
    expect(store.digests).to.have.length(2).and.not.include(first);
  });

  it("goes back to the previous catalog without losing its rows", async () => {
    await load();
    upload("c");
    await load();
    upload("a", "b");
    await load();
    expect(store.active?.version).to.equal(3);
    expect(store.digests).to.have.length(2).and.include(store.active?.digest);
  });

  it("refuses a wrong catalog whole: it is recorded and announced, no error is thrown, and the active catalog stays active", async () => {
    await load();
    const before = store.active;
    objects.set("catalog/p.csv", "Package_Name,License,Authors/Maintainers\nc,,\n../x,,\n");
    const answer = await load();
    expect(answer.status).to.equal("refused");
    expect(store.active).to.equal(before);
    expect(store.digests).to.have.length(1);
    expect(store.refused[0]).to.deep.include({ at: NOW.toISOString(), problemCount: 1 });
    expect(store.refused[0]?.problems[0]).to.include({ file: "p.csv", line: 3 });
    expect(bus.events[1]).to.deep.include({ type: "CatalogRefused", detail: store.refused[0] });
  });

  it("refuses a catalog with a missing file", async () => {
    objects.delete("catalog/p.csv");
    expect(await load()).to.have.property("status", "refused");
    expect(store.refused[0]?.problems[0]?.reason).to.include("is missing");
    objects.delete("catalog/config.json");
    expect(await load()).to.have.property("status", "refused");
  });

  it("starts again and reads the files again when another load was faster", async () => {
    await load();
    upload("mine");
    let raced = false;
    store.beforeActivate = () => {
      if (raced || store.active === undefined) return;
      raced = true;
      store.active = { ...store.active, version: 2, digest: "other", previousDigest: store.active.digest };
    };
    expect(await load()).to.include({ status: "loaded", version: 3 });
    expect(store.active).to.include({ previousDigest: "other" });
  });

  it("gives up, and leaves no rows, when other loads are always faster", async () => {
    store.beforeActivate = () => {
      const version = (store.active?.version ?? 0) + 1;
      const state = {
        version,
        digest: `other-${version}`,
        source: "",
        loadedAt: "",
        packages: 1,
        announced: true,
      };
      store.active = state;
    };
    expect(await thrownBy(load)).to.have.property("name", "UpstreamError");
    expect(store.digests).to.deep.equal([]);
  });

  it("announces a catalog whose load stopped before it announced it", async () => {
    await load();
    if (store.active !== undefined) store.active = { ...store.active, announced: false };
    bus.events.length = 0;
    expect(await load()).to.have.property("status", "unchanged");
    expect(bus.events.map(({ type }) => type)).to.deep.equal(["CatalogChanged"]);
    expect(store.active?.announced).to.equal(true);
  });
});
