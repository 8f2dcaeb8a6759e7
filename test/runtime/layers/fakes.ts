import { createHash } from "node:crypto";
import type {
  Build,
  FailedAttempt,
  LayerRow,
  Outcome,
  Publication,
  Run,
} from "../../../runtime/layers/entities/entities";
import type { LayerStore, RunEnd } from "../../../runtime/layers/layer-store";
import type {
  LayerVersionStore,
  LayerVersion,
  NewLayerVersion,
  Visibility,
} from "../../../runtime/layers/publish/layer-version-store";
import type { Batch, Work, WorkItem } from "../../../runtime/contracts/layers";
import type { ArtifactStore } from "../../../runtime/layers/artifact-store";
import type { Lock } from "../../../runtime/contracts/lock";
import type { Architecture, PackageSpec, TargetKey } from "../../../runtime/contracts/target";
import { NOW } from "../shared/recorder";

/** The id that a target has in these fakes: `3.12/arm64/psycopg[binary]`. */
const idOf = ({ python, architecture, requirement }: TargetKey): string =>
  `${python}/${architecture}/${requirement}`;

/** A bucket in memory: what is in it, and what was copied into it. */
export class FakeArtifactStore implements ArtifactStore {
  readonly contents = new Map<string, string>();
  readonly copies: { from: string; to: string; etag?: string }[] = [];

  constructor(readonly bucket = "home") {}

  exists = (key: string) => Promise.resolve(this.contents.has(key));
  remove = (key: string) => Promise.resolve(void this.contents.delete(key));
  list = (prefix: string) =>
    Promise.resolve([...this.contents.keys()].filter((key) => key.startsWith(prefix)));
  signGet = (key: string) => Promise.resolve(`https://signed/get/${key}`);
  signPut = (key: string) => Promise.resolve(`https://signed/put/${key}`);

  readJson = (key: string): Promise<unknown> => {
    const text = this.contents.get(key);
    return text === undefined ? Promise.reject(new Error(`no ${key}`)) : Promise.resolve(JSON.parse(text));
  };

  writeJson = (key: string, value: unknown) => {
    this.contents.set(key, JSON.stringify(value));
    return Promise.resolve();
  };

  measure = (key: string) => {
    const text = this.contents.get(key);
    return Promise.resolve(
      text === undefined ? undefined : { sha256: sha256(text), bytes: text.length, etag: `etag of ${text}` },
    );
  };

  copy = (from: { bucket: string; key: string; etag?: string }, to: string) => {
    const etag = from.etag === undefined ? {} : { etag: from.etag };
    this.copies.push({ from: `${from.bucket}/${from.key}`, to, ...etag });
    this.contents.set(to, this.contents.get(from.key) ?? "copied");
    return Promise.resolve();
  };
}

/** The store in memory, by the rules that the interface tells. */
export class FakeLayerStore implements LayerStore {
  readonly runs = new Map<string, Run & Partial<RunEnd>>();
  readonly builds = new Map<string, Build>();
  readonly failures = new Map<string, FailedAttempt>();
  readonly outcomeRows = new Map<string, Outcome>();
  readonly publicationRows = new Map<string, Publication>();
  layers: LayerRow[] = [];

  putRun = (run: Run) => Promise.resolve(void this.runs.set(run.runId, run));
  outcomes = (runId: string) =>
    Promise.resolve([...this.outcomeRows.values()].filter((row) => row.runId === runId));
  publications = (runId: string) =>
    Promise.resolve([...this.publicationRows.values()].filter((row) => row.runId === runId));
  buildWithKey = (buildKey: string) =>
    Promise.resolve([...this.builds.values()].find((build) => build.buildKey === buildKey));
  layersOf = (requirement: string, python: string) =>
    Promise.resolve(this.layers.filter((row) => row.requirement === requirement && row.python === python));
  layersIn = (region: string, target: TargetKey) =>
    Promise.resolve(this.layers.filter((row) => row.region === region && idOf(row) === idOf(target)));

  finishRun = (runId: string, end: RunEnd) => {
    const run = this.runs.get(runId);
    if (run !== undefined) this.runs.set(runId, { ...run, ...end });
    return Promise.resolve();
  };

  latestBuilds = (python: string, architecture: Architecture, requirements: readonly string[]) => {
    const found = requirements.flatMap((requirement): [string, Build][] => {
      const build = this.builds.get(idOf({ python, architecture, requirement }));
      return build === undefined ? [] : [[requirement, build]];
    });
    return Promise.resolve(new Map(found));
  };

  recordBuilt = (
    target: TargetKey,
    built: Build,
    outcome: { runId: string; status: "built" | "unchanged" },
  ) => {
    this.builds.set(idOf(target), built);
    this.failures.delete(idOf(target));
    this.outcomeRows.set(`${outcome.runId}/${idOf(target)}`, {
      ...target,
      ...outcome,
      version: built.version,
    });
    return Promise.resolve();
  };

  recordFailed = (target: TargetKey, failure: FailedAttempt) => {
    this.failures.set(idOf(target), failure);
    const { runId } = failure;
    this.outcomeRows.set(`${runId}/${idOf(target)}`, { ...target, runId, status: "failed", failure });
    return Promise.resolve();
  };

  recordPublished = (rows: readonly LayerRow[], publication: Publication) => {
    const keyOf = (row: LayerRow) => `${row.region}/${idOf(row)}/${row.arn}`;
    const written = new Set(rows.map(keyOf));
    this.layers = [...this.layers.filter((row) => !written.has(keyOf(row))), ...rows];
    this.publicationRows.set(publicationId(publication), publication);
    return Promise.resolve();
  };

  putPublication = (publication: Publication) => {
    const known = this.publicationRows.get(publicationId(publication));
    if (known?.status !== "published") this.publicationRows.set(publicationId(publication), publication);
    return Promise.resolve();
  };

  /** What became of each target, sorted. */
  statuses(): string[] {
    return [...this.outcomeRows.values()].map((row) => `${idOf(row)} ${row.status}`).sort();
  }
}

const publicationId = ({ runId, region, item }: Publication): string => `${runId}/${region}/${item}`;

/** A region's layers in memory. */
export class FakeLayerVersionStore implements LayerVersionStore {
  readonly versions: (LayerVersion & { name: string })[] = [];
  readonly published: NewLayerVersion[] = [];
  readonly permissions: string[] = [];

  constructor(readonly region: string) {}

  find = (name: string, matches: (version: LayerVersion) => boolean) =>
    Promise.resolve(this.versions.filter((version) => version.name === name).find(matches));

  publish = (layer: NewLayerVersion) => {
    this.published.push(layer);
    const version = this.versions.filter(({ name }) => name === layer.name).length + 1;
    const { name, description, architectures } = layer;
    const arn = `arn:aws:lambda:${this.region}:123456789012:layer:${name}:${version}`;
    const known = { name, arn, version, description, architectures };
    this.versions.unshift(known);
    return Promise.resolve(known);
  };

  allow = (name: string, version: number, visibility: Visibility) => {
    this.permissions.push(`${name}:${version} ${visibility.kind}`);
    return Promise.resolve();
  };
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function spec(name: string, extras: readonly string[] = [], specifier = ""): PackageSpec {
  return { name, extras, specifier, prune: { tests: true, runtime: true } };
}

export function batchOf(specs: readonly PackageSpec[], more: Partial<Batch> = {}): Batch {
  const packages = specs.map((one) => ({ ...one, license: "MIT" }));
  const architectures: Architecture[] = ["x86_64", "arm64"];
  const names = { runId: "run", batch: "0000-3.12", python: "3.12", builder: "3.12-x86_64" };
  return { ...names, packages, architectures, force: false, ...more };
}

/** A lock with a single wheel of the package. */
export function lockOf(name: string): Lock {
  const filename = `${name}-2.0-py3-none-any.whl`;
  const file = { url: `https://files.example/${filename}`, filename, sha256: sha256(filename) };
  return { packages: [{ name, version: "2.0", kind: "wheel", file }] };
}

export function itemOf(more: Partial<WorkItem> = {}): WorkItem {
  return {
    package: { ...spec("numpy"), license: "BSD" },
    version: "2.0",
    python: "3.12",
    architectures: ["x86_64"],
    lock: lockOf("numpy"),
    buildKey: sha256("numpy"),
    runId: "run",
    item: "numpy-item",
    next: "build",
    builder: "3.12-x86_64",
    regions: ["us-east-1", "eu-west-1"],
    ...more,
  };
}

/** Names an item in the run's list of work. */
export function workOf({ runId, item, next, builder }: WorkItem): Work {
  return { runId, item, next, builder };
}

export function builtOf(content: string, more: Partial<Build> = {}): Build {
  return {
    sha256: sha256(content),
    zipBytes: content.length,
    unzippedBytes: 100,
    dependencies: ["numpy==2.0"],
    importTest: { status: "passed", modules: ["numpy"] },
    version: "2.0",
    buildKey: sha256("numpy"),
    runId: "earlier",
    createdAt: NOW.toISOString(),
    ...more,
  };
}

/** A latest layer of a target in a region, holding the artifact with this content. */
export function layerOf(
  target: TargetKey,
  region: string,
  content: string,
  more: Partial<LayerRow> = {},
): LayerRow {
  const layerName = `strata-p312-${target.requirement}`;
  return {
    ...target,
    region,
    layerName,
    layerVersion: 1,
    arn: `arn:aws:lambda:${region}:123456789012:layer:${layerName}:1`,
    packageVersion: "2.0",
    sha256: sha256(content),
    status: "latest",
    dependencies: [],
    publishedAt: "2026-01-01T00:00:00.000Z",
    runId: "earlier",
    ...more,
  };
}

export const keyOf = (python: string, architecture: Architecture, requirement: string): string =>
  idOf({ python, architecture, requirement });
