import type { BuildItem, BuildResult, ResolvedTarget } from "../../../../runtime/contracts/builder";
import type { Failure } from "../../../../runtime/contracts/failure";
import { handleRequest } from "../../../../runtime/builder/handle";
import type { BuilderSettings } from "../../../../runtime/builder/settings";
import type { PackageSpec } from "../../../../runtime/contracts/target";
import { machineSettings, nativeArchitecture, suiteFolder, testPython } from "./machine";
import { ObjectStore, PackageIndex } from "./servers";

/** A package of the catalog without any special settings. */
export function spec(name: string, prune = { tests: true, runtime: true }): PackageSpec {
  return { name, extras: [], specifier: "", prune };
}

/** Sets environment variables for a suite, and puts the old values back after it. */
function suiteEnvironment(values: () => Readonly<Record<string, string>>): void {
  const outside = new Map<string, string | undefined>();
  before(() => {
    for (const [name, value] of Object.entries(values())) {
      outside.set(name, process.env[name]);
      process.env[name] = value;
    }
  });
  after(() => {
    for (const [name, value] of outside) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}

/** The builder with a package index and an object store. */
export class Workbench {
  readonly folder = suiteFolder();
  readonly settings: BuilderSettings = machineSettings(this.folder);
  readonly python = testPython(this.settings);
  readonly packageIndex = new PackageIndex();
  readonly store = new ObjectStore();

  /**
   * Call it inside `describe`. Both servers run during the suite, and uv uses the package index.
   * @param environment more variables to set. It is called after the hooks that were registered before this one.
   */
  constructor(environment: () => Readonly<Record<string, string>> = () => ({})) {
    before(() => Promise.all([this.packageIndex.start(), this.store.start()]));
    after(() => {
      this.packageIndex.stop();
      this.store.stop();
    });
    suiteEnvironment(() => ({
      UV_DEFAULT_INDEX: `${this.packageIndex.url}/simple`,
      UV_HTTP_RETRIES: "0",
      ...environment(),
    }));
  }

  async resolve(packages: readonly PackageSpec[], python = this.python): Promise<ResolvedTarget[]> {
    const request = { operation: "resolve", python, packages, architectures: [nativeArchitecture] } as const;
    await handleRequest({ ...request, outputUrl: this.store.url("resolved.json") }, this.settings);
    return (this.store.json("resolved.json") as { targets: ResolvedTarget[] }).targets;
  }

  async resolveOne(wanted: PackageSpec, python = this.python) {
    const [target] = await this.resolve([wanted], python);
    if (target?.status !== "resolved") throw new Error(`not resolved: ${JSON.stringify(target)}`);
    return target;
  }

  async resolveFailure(wanted: PackageSpec): Promise<Failure> {
    const [target] = await this.resolve([wanted]);
    if (target?.status !== "failed") throw new Error("the resolution should have failed");
    return target.failure;
  }

  /** Resolves and builds. `change` may change the item in between. The zip is the store's `layer.zip`. */
  async build(
    wanted: PackageSpec,
    change: (item: BuildItem) => BuildItem = (item) => item,
    settings = this.settings,
  ): Promise<BuildResult> {
    const { version, lock, buildKey } = await this.resolveOne(wanted);
    const { python } = this;
    const architectures = [nativeArchitecture] as const;
    return this.buildItem(
      change({ package: wanted, version, python, architectures, lock, buildKey }),
      settings,
    );
  }

  async buildItem(item: BuildItem, settings = this.settings): Promise<BuildResult> {
    this.store.objects.set("item.json", Buffer.from(JSON.stringify(item)));
    return this.buildAgain("layer.zip", settings);
  }

  /** Builds the last item again. */
  async buildAgain(key: string, settings = this.settings): Promise<BuildResult> {
    const urls = { itemUrl: this.store.url("item.json"), uploadUrl: this.store.url(key) };
    return (await handleRequest({ operation: "build", ...urls }, settings)) as BuildResult;
  }

  async buildFailure(wanted: PackageSpec, change?: (item: BuildItem) => BuildItem): Promise<Failure> {
    const result = await this.build(wanted, change);
    if (result.status !== "failed") throw new Error("the build should have failed");
    return result.failure;
  }
}
