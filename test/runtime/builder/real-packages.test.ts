import { expect } from "chai";
import type { BuildItem, ResolvedTarget } from "../../../runtime/contracts/builder";
import { buildLayer } from "../../../runtime/builder/build/build";
import { resolvePackages } from "../../../runtime/builder/resolve/resolve";
import { withWorkFolder } from "../../../runtime/shared/work-folder";
import { TargetFailure } from "../../../runtime/builder/failure";
import { machineSettings, nativeArchitecture, suiteFolder, testPython } from "./support/machine";

const ROWS: readonly (readonly [name: string, extras: readonly string[]])[] = [
  ["requests", []],
  ["orjson", []],
  ["numpy", []],
  ["psycopg", ["binary", "pool"]],
  ["docopt", []],
  ["imutils", []],
];

describe("builder, with real packages", () => {
  const folder = suiteFolder();
  const settings = machineSettings(folder);
  const python = testPython(settings);
  const targets = new Map<string, ResolvedTarget>();

  before(async () => {
    const prune = { tests: true, runtime: true };
    const packages = ROWS.map(([name, extras]) => ({ name, extras, specifier: "", prune }));
    const request = { packages, python, architectures: [nativeArchitecture] } as const;
    const resolved = await withWorkFolder(folder, (work) => resolvePackages(request, settings, work));
    for (const target of resolved) targets.set(target.package.name, target);
  });

  async function build(name: string, cache = settings.cache, needs: readonly string[] = []) {
    const target = targets.get(name);
    if (target?.status !== "resolved") throw new Error(`${name}: ${JSON.stringify(target)}`);
    const { package: spec, version, lock, buildKey } = target;
    const item: BuildItem = {
      package: { ...spec, needs },
      version,
      python,
      architectures: [nativeArchitecture],
      lock,
      buildKey,
    };
    const run = (work: string) =>
      buildLayer(item, { ...settings, cache }, work, { store: () => Promise.resolve() });
    return withWorkFolder(folder, run);
  }

  for (const [name] of ROWS.filter(([row]) => row !== "imutils")) {
    it(`builds ${name}, imports it, and builds the same bytes with a cold cache`, async () => {
      const first = await build(name);
      const second = await build(name, `${folder}/cold-${name}`);
      expect(first.importTest).to.deep.include({ status: "passed" });
      expect(second.sha256).to.equal(first.sha256);
      expect(first.members.spliced).to.be.greaterThan(0);
    });
  }

  it("locks extras with what they bring", () => {
    const target = targets.get("psycopg");
    const names = target?.status === "resolved" ? target.lock.packages.map(({ name }) => name) : [];
    expect(names).to.include.members(["psycopg", "psycopg-binary", "psycopg-pool"]);
  });

  it("builds imutils from source, and names the undeclared module that it imports", async () => {
    const target = targets.get("imutils");
    expect(target?.status === "resolved" && target.lock.packages[0]?.kind).to.equal("sdist");
    const failure = await build("imutils").catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TargetFailure).and.have.nested.property("failure.kind", "import");
    expect((failure as TargetFailure).message).to.include("imutils imports numpy");
  });

  it("builds imutils unverified where the catalog says what other layers bring", async () => {
    const { status, importTest } = await build("imutils", settings.cache, ["cv2", "numpy", "scipy"]);
    expect(status).to.equal("built");
    expect(importTest).to.deep.equal({
      status: "unverified",
      modules: ["imutils"],
      reason: "It imports numpy, which another layer must bring.",
    });
  });
});
