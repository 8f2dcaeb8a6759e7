/** Builds one target: from its lock to the zip of a layer. */
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { BuildItem, BuildResult } from "../../contracts/builder";
import { requirementOf } from "../../contracts/target";
import type { BuilderSettings } from "../settings";
import { writeLayerZip } from "../zip/layer-zip";
import { readWheelMembers } from "../zip/wheel-members";
import { fetchFiles, trimFileCache } from "./fetch-files";
import { testImport } from "./import-test";
import { installLock } from "./install";
import { pruneTree } from "./prune-tree";
import { checkSize, distributionSizes } from "./size-gate";
import { buildSourceArchives } from "./source-archive";
import { topLevelModules } from "./top-level-modules";
import { installedDistributions } from "./wheel-record";

type Built = Extract<BuildResult, { status: "built" }>;
type Steps = Built["milliseconds"];

/** What a build does outside its work folder, and how it tests the import. */
interface BuildPorts {
  /** Stores the finished zip. It is not called when the build fails. */
  readonly store: (zip: string) => Promise<void>;
  /** @default the real import test */
  readonly testImport?: typeof testImport;
}

/**
 * Fetches, installs, prunes, checks the size, tests the import and zips. All files are in `work`, which the caller removes.
 * @throws {TargetFailure} of any kind.
 */
export async function buildLayer(
  item: BuildItem,
  settings: BuilderSettings,
  work: string,
  ports: BuildPorts,
): Promise<Built> {
  const milliseconds: Record<keyof Steps, number> = { fetch: 0, install: 0, import: 0, zip: 0, upload: 0 };
  const timed = async <Result>(step: keyof Steps, run: () => Promise<Result> | Result): Promise<Result> => {
    const start = performance.now();
    const result = await run();
    milliseconds[step] = Math.round(performance.now() - start);
    return result;
  };
  const folders = {
    work,
    wheels: join(work, "wheels"),
    sources: join(work, "sources"),
    tree: join(work, "tree"),
    aside: join(work, "aside"),
  };

  await timed("fetch", () => fetchLock(item, settings, folders));
  const { files, distributions } = await timed("install", () => install(item, settings, folders));
  const sizes = distributionSizes(files, distributions);
  checkSize(requirementOf(item.package), sizes);
  const requested = distributions.find(({ name }) => name === item.package.name);
  const modules = topLevelModules(requested?.paths ?? []);
  const importTest = await timed("import", () =>
    (ports.testImport ?? testImport)(
      { item, modules, tree: folders.tree, aside: folders.aside, folder: work },
      settings,
    ),
  );
  const output = join(work, "layer.zip");
  const zip = await timed("zip", async () => {
    const wheels = (await readdir(folders.wheels)).sort().map((name) => join(folders.wheels, name));
    return writeLayerZip({ tree: folders.tree, files, members: await readWheelMembers(wheels), output });
  });
  await timed("upload", () => ports.store(output));
  return {
    status: "built",
    sha256: zip.sha256,
    zipBytes: zip.zipBytes,
    unzippedBytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    importTest,
    dependencies: dependenciesOf(item, new Set(sizes.map(({ name }) => name))),
    members: { spliced: zip.spliced, deflated: zip.deflated },
    milliseconds,
  };
}

interface Folders {
  readonly work: string;
  readonly wheels: string;
  readonly sources: string;
  readonly tree: string;
  readonly aside: string;
}

async function fetchLock(item: BuildItem, settings: BuilderSettings, folders: Folders): Promise<void> {
  const filesOf = (kind: "wheel" | "sdist") =>
    item.lock.packages.filter((entry) => entry.kind === kind).map(({ file }) => file);
  await fetchFiles(filesOf("wheel"), settings.cache, folders.wheels, settings.retries);
  await fetchFiles(filesOf("sdist"), settings.cache, folders.sources, settings.retries);
  await trimFileCache(settings.cache);
}

async function install(item: BuildItem, settings: BuilderSettings, folders: Folders) {
  await mkdir(folders.tree, { recursive: true });
  const hashes = await buildSourceArchives(item, settings, folders);
  await installLock(item, settings, folders, hashes);
  const distributions = installedDistributions(folders.tree);
  const files = pruneTree(folders.tree, folders.aside, item.package, distributions);
  return { files, distributions };
}

/** What the layer contains. Distributions that the runtime brings were moved aside and are not in it. */
function dependenciesOf(item: BuildItem, present: ReadonlySet<string>): string[] {
  return item.lock.packages
    .filter(({ name }) => present.has(name))
    .map(({ name, version }) => `${name}==${version}`);
}
