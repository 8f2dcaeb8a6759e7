import { expect } from "chai";
import { readdirSync } from "node:fs";
import { handleRequest } from "../../../runtime/builder/handle";
import { nativeArchitecture } from "./support/machine";
import { makeSourceArchive, makeWheel } from "./support/packages";
import { spec, Workbench } from "./support/workbench";

const FAKE_SECRET = "AKIAFAKEFAKEFAKE";

describe("builder, with a package index of its own", () => {
  const bench = new Workbench(() => ({ AWS_SECRET_ACCESS_KEY: FAKE_SECRET }));
  const { folder, packageIndex, python, settings, store } = bench;

  it("turns a wheel into a layer, uploads it, and leaves nothing behind", async () => {
    packageIndex.add("leaf", makeWheel({ name: "leaf" }));
    packageIndex.add(
      "tree",
      makeWheel({ name: "tree", requires: ["leaf"], files: { "tree/__init__.py": "import leaf" } }),
    );
    const result = await bench.build(spec("tree"));
    expect(result).to.deep.include({ status: "built", dependencies: ["leaf==1.0", "tree==1.0"] });
    expect(result).to.have.nested.property("importTest.status", "passed");
    expect(result).to.have.property("zipBytes", store.objects.get("layer.zip")?.length);
    expect(readdirSync(folder).filter((name) => name.startsWith("strata-work"))).to.be.empty;
  });

  it("marks a lock of pure wheels as pure, with the same key for every architecture", async () => {
    packageIndex.add("pure", makeWheel({ name: "pure" }));
    const request = {
      operation: "resolve",
      python,
      packages: [spec("pure")],
      architectures: ["x86_64", "arm64"],
    } as const;
    const answer = await handleRequest({ ...request, outputUrl: store.url("pure.json") }, settings);
    expect(answer).to.deep.equal({ resolved: 2, failed: 0 });
    const { targets } = store.json("pure.json") as { targets: { pure: boolean; buildKey: string }[] };
    expect(targets.map(({ pure }) => pure)).to.deep.equal([true, true]);
    expect(new Set(targets.map(({ buildKey }) => buildKey)).size).to.equal(1);
  });

  it("gives the same bytes again with a cold cache and in another folder", async () => {
    packageIndex.add(
      "twice",
      makeWheel({ name: "twice", entryPoints: "[console_scripts]\ntwice = twice:main\n" }),
    );
    const first = await bench.build(spec("twice"));
    const other = { ...settings, cache: `${folder}/other-cache`, scratch: `${folder}/other-scratch` };
    const second = await bench.buildAgain("again.zip", other);
    expect(second).to.have.property("sha256", (first as { sha256: string }).sha256);
    expect(store.objects.get("again.zip")).to.deep.equal(store.objects.get("layer.zip"));
  });

  it("doesn't fetch a file again that is in the cache", async () => {
    packageIndex.add("cached", makeWheel({ name: "cached" }));
    await bench.build(spec("cached"));
    const before = packageIndex.asked.length;
    store.objects.delete("layer.zip");
    await bench.buildAgain("layer.zip");
    expect(packageIndex.asked.length).to.equal(before);
    expect(store.objects.has("layer.zip")).to.be.true;
  });

  it("builds a pure source archive where there is no wheel", async () => {
    const wheel = makeWheel({ name: "sourced" });
    packageIndex.add("sourced", makeSourceArchive("sourced", wheel));
    const result = await bench.build(spec("sourced"));
    expect(result).to.have.property("status", "built");
    expect(result).to.have.nested.property("importTest.status", "passed");
  });

  it("hides AWS credentials from build backends and imported modules", async () => {
    const dump = `import os, sys\nprint("SEEN", sorted(os.environ), os.environ.get("AWS_SECRET_ACCESS_KEY"), file=sys.stderr)\n`;
    packageIndex.add(
      "curious",
      makeSourceArchive("curious", makeWheel({ name: "curious" }), `${dump}raise SystemExit(1)`),
    );
    const backend = await bench.buildFailure(spec("curious"));
    packageIndex.add(
      "nosy",
      makeWheel({ name: "nosy", files: { "nosy/__init__.py": `${dump}raise RuntimeError("stop")` } }),
    );
    const module = await bench.buildFailure(spec("nosy"));
    for (const { lastLines } of [backend, module]) {
      const seen = lastLines.find((line) => line.includes("SEEN")) ?? "";
      expect(seen).to.include("PATH").and.not.include("AWS_").and.not.include(FAKE_SECRET);
    }
    const seen = module.lastLines.find((line) => line.includes("SEEN")) ?? "";
    expect(seen).to.include("['HOME', 'LANG', ").and.not.include("UV_");
  });

  describe("failures", () => {
    it("not-found: no such package, which doesn't stop the others of the request", async () => {
      packageIndex.add("present", makeWheel({ name: "present" }));
      const [absent, present] = await bench.resolve([spec("absent"), spec("present")]);
      expect(absent).to.have.nested.property("failure.kind", "not-found");
      expect(present).to.have.property("status", "resolved");
    });

    it("not-found: no such version", async () => {
      packageIndex.add("versioned", makeWheel({ name: "versioned" }));
      expect(await bench.resolveFailure({ ...spec("versioned"), specifier: "==9" })).to.have.property(
        "kind",
        "not-found",
      );
    });

    it("no-wheel: wheels for other systems only", async () => {
      packageIndex.add("foreign", makeWheel({ name: "foreign", tag: "cp39-cp39-win_amd64" }));
      expect(await bench.resolveFailure(spec("foreign"))).to.have.property("kind", "no-wheel");
    });

    it("no-wheel: a source archive that is built into a wheel with compiled parts", async () => {
      const machine = nativeArchitecture === "arm64" ? "aarch64" : "x86_64";
      const wheel = makeWheel({ name: "compiled", tag: `py3-none-linux_${machine}` });
      packageIndex.add("compiled", makeSourceArchive("compiled", wheel));
      const failure = await bench.buildFailure(spec("compiled"));
      expect(failure).to.have.property("kind", "no-wheel");
      expect(failure.message).to.include("compiled parts");
    });

    it("no-wheel: a source archive that doesn't build, with the last lines of the backend", async () => {
      packageIndex.add(
        "broken",
        makeSourceArchive("broken", makeWheel({ name: "broken" }), `raise RuntimeError("no gdal-config")`),
      );
      const failure = await bench.buildFailure(spec("broken"));
      expect(failure).to.have.property("kind", "no-wheel");
      expect(failure.lastLines.join("\n")).to.include("no gdal-config");
    });

    it("conflict: requirements that contradict each other", async () => {
      packageIndex.add(
        "shared",
        makeWheel({ name: "shared", version: "1.0" }),
        makeWheel({ name: "shared", version: "2.0" }),
      );
      packageIndex.add("left", makeWheel({ name: "left", requires: ["shared<2"] }));
      packageIndex.add("both", makeWheel({ name: "both", requires: ["left", "shared>=2"] }));
      expect(await bench.resolveFailure(spec("both"))).to.have.property("kind", "conflict");
    });

    it("hash: a file that is not what was locked", async () => {
      const wheel = makeWheel({ name: "swapped" });
      packageIndex.add("swapped", wheel);
      const failure = await bench.buildFailure(spec("swapped"), (item) => {
        packageIndex.tampered.set(wheel.filename, Buffer.concat([wheel.bytes, Buffer.from("x")]));
        return item;
      });
      expect(failure).to.have.property("kind", "hash");
      expect(failure.message).to.include(wheel.filename);
    });

    it("import: a module that fails, with the end of the traceback", async () => {
      packageIndex.add(
        "failing",
        makeWheel({ name: "failing", files: { "failing/__init__.py": "raise ValueError('no luck')" } }),
      );
      const failure = await bench.buildFailure(spec("failing"));
      expect(failure).to.have.property("kind", "import");
      expect(failure.lastLines.at(-1)).to.equal("ValueError: no luck");
    });

    it("import: a module that nothing in the lock brings, by name", async () => {
      packageIndex.add(
        "undeclared",
        makeWheel({ name: "undeclared", files: { "undeclared.py": "import elsewhere.deep" } }),
      );
      const failure = await bench.buildFailure(spec("undeclared"));
      expect(failure).to.have.property("kind", "import");
      expect(failure.message).to.include("imports elsewhere,").and.include("the layer holds undeclared");
    });

    it("import: not for a missing module that another layer brings according to the catalog; the layer is unverified", async () => {
      const leaning = makeWheel({ name: "leaning", files: { "leaning.py": "import cv2.dnn" } });
      packageIndex.add("leaning", leaning);
      const built = await bench.build({ ...spec("leaning"), needs: ["cv2"] });
      expect(built).to.have.property("status", "built");
      expect(built).to.have.nested.property("importTest.status", "unverified");
      expect(built)
        .to.have.nested.property("importTest.reason")
        .that.includes("imports cv2, which another layer");
    });

    it("size: more than Lambda allows, with the names of the largest distributions", async () => {
      const big = makeWheel({
        name: "big",
        files: { "big/__init__.py": "", "big/blob.bin": Buffer.alloc(250 * 1024 * 1024) },
      });
      packageIndex.add("big", big);
      packageIndex.add("user", makeWheel({ name: "user", requires: ["big"] }));
      const failure = await bench.buildFailure(spec("user"));
      expect(failure).to.have.property("kind", "size");
      expect(failure.message).to.include("big 250.0 MiB").and.include("user 0.0 MiB");
    });

    it("network: an index that doesn't answer", async () => {
      process.env["UV_DEFAULT_INDEX"] = "http://127.0.0.1:9/simple";
      try {
        expect(await bench.resolveFailure(spec("unreachable"))).to.have.property("kind", "network");
      } finally {
        process.env["UV_DEFAULT_INDEX"] = `${packageIndex.url}/simple`;
      }
    });
  });

  it("leaves out what the runtime brings, unless that package itself is requested", async () => {
    packageIndex.add("botocore", makeWheel({ name: "botocore" }));
    packageIndex.add(
      "boto3",
      makeWheel({ name: "boto3", requires: ["botocore"], files: { "boto3/__init__.py": "import botocore" } }),
    );
    packageIndex.add(
      "cloudy",
      makeWheel({ name: "cloudy", requires: ["boto3"], files: { "cloudy/__init__.py": "import boto3" } }),
    );
    const pruned = await bench.build(spec("cloudy"));
    expect(pruned).to.deep.include({ status: "built", dependencies: ["cloudy==1.0"] });
    const kept = await bench.build(spec("cloudy", { tests: true, runtime: false }));
    expect(kept).to.deep.include({ dependencies: ["boto3==1.0", "botocore==1.0", "cloudy==1.0"] });
    const asked = await bench.build(spec("boto3"));
    expect(asked).to.deep.include({ dependencies: ["boto3==1.0", "botocore==1.0"] });
  });

  it("repeats a request to a store that is busy, and throws when the store refuses it", async () => {
    packageIndex.add("stored", makeWheel({ name: "stored" }));
    const { buildKey } = await bench.resolveOne(spec("stored"));
    expect(buildKey).to.match(/^[0-9a-f]{64}$/);
    store.refusals.push(503, 503);
    const urls = { itemUrl: store.url("missing.json"), uploadUrl: store.url("layer.zip") };
    const error = await handleRequest({ operation: "build", ...urls }, settings).catch(
      (caught: unknown) => caught,
    );
    expect(store.refusals).to.be.empty;
    expect(error).to.have.property("name", "BugError");
    expect((error as Error).message)
      .to.include("404")
      .and.not.include("secret");
  });
});
