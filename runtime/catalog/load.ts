import { catalogChanged, catalogRefused, type CatalogProblem } from "../contracts/catalog";
import { eventOf } from "../contracts/events";
import type { PythonVersion } from "../contracts/target";
import type { EmitEvents } from "../shared/bus";
import { UpstreamError } from "../shared/errors";
import type { Log } from "../shared/log";
import { CatalogError, type Catalog } from "./catalog";
import type { CatalogStore } from "./catalog-store";
import { describeChanges, planChanges } from "./changes";
import { CONFIG_FILE } from "./config";
import type { CatalogState } from "./entities";
import { catalogFiles, parseCatalog } from "./parse";

/** What loading touches. */
export interface LoadPorts {
  /** The text of an object, or undefined if there is none. */
  readText(bucket: string, key: string): Promise<string | undefined>;
  readonly store: CatalogStore;
  readonly emit: EmitEvents;
  readonly log: Log;
  readonly now: () => Date;
}

/** What the stage builds for and publishes to. */
export interface LoadScope {
  readonly pythons: readonly PythonVersion[];
  readonly regions: readonly string[];
}

export type LoadAnswer =
  | { readonly status: "loaded" | "unchanged"; readonly version: number; readonly packages: number }
  | { readonly status: "refused"; readonly problems: readonly CatalogProblem[] };

/** An event and a table item hold at most this many problems. The log has all of them. */
const MAX_PROBLEMS = 100;
/** How often a load starts again because another load finished first. */
const ATTEMPTS = 4;

/**
 * Loads the catalog whose config.json is `s3://bucket/key`: all of it or nothing. If the catalog is wrong, the refusal is
 * recorded and sent to the bus, and the active catalog stays active. A refusal is not an error, since a retry would not help.
 * @throws UpstreamError when other loads finish first every time.
 */
export async function loadCatalog(
  { bucket, key }: { readonly bucket: string; readonly key: string },
  scope: LoadScope,
  ports: LoadPorts,
): Promise<LoadAnswer> {
  const source = `s3://${bucket}/${key}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // The state is read before the files. If another load finishes in between, activating fails and the files are read again.
    const active = await ports.store.state();
    let catalog: Catalog;
    try {
      catalog = await readCatalog(bucket, key, scope, ports);
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      return refuse(source, error.problems, ports);
    }
    const state = await activate(catalog, active, source, ports);
    if (state === undefined) continue;
    if (!state.announced) await announce(state, catalog, ports);
    const status = state.version === active?.version ? "unchanged" : "loaded";
    const { skippedPythons, packages } = catalog;
    ports.log.info(`catalog ${status}`, {
      source,
      version: state.version,
      packages: packages.length,
      skippedPythons,
    });
    return { status, version: state.version, packages: packages.length };
  }
  throw new UpstreamError(
    `The catalog ${source} was not loaded: other uploads finished first, ${ATTEMPTS} times. Upload it again.`,
  );
}

async function readCatalog(
  bucket: string,
  key: string,
  scope: LoadScope,
  ports: LoadPorts,
): Promise<Catalog> {
  const folder = key.slice(0, key.lastIndexOf("/") + 1);
  const files: Record<string, string> = {};
  const config = await ports.readText(bucket, key);
  if (config !== undefined) {
    files[CONFIG_FILE] = config;
    for (const name of catalogFiles(config, scope.pythons)) {
      const text = await ports.readText(bucket, `${folder}${name}`);
      if (text !== undefined) files[name] = text;
    }
  }
  return parseCatalog(files, scope.pythons, scope.regions);
}

/** Makes `catalog` active. Returns the state that is active then, or undefined if another load was faster. */
async function activate(
  catalog: Catalog,
  active: CatalogState | undefined,
  source: string,
  { store, now }: LoadPorts,
): Promise<CatalogState | undefined> {
  if (active?.digest === catalog.digest) return active;
  await store.write(catalog);
  const next: CatalogState = {
    version: (active?.version ?? 0) + 1,
    digest: catalog.digest,
    ...(active === undefined ? {} : { previousDigest: active.digest }),
    source,
    loadedAt: now().toISOString(),
    packages: catalog.packages.length,
    announced: false,
  };
  if (await store.activate(next)) {
    const old = active?.previousDigest;
    if (old !== undefined && old !== next.digest) await store.remove(old);
    return next;
  }
  const winner = await store.state();
  if (catalog.digest !== winner?.digest && catalog.digest !== winner?.previousDigest) {
    await store.remove(catalog.digest);
  }
  return undefined;
}

async function announce(state: CatalogState, catalog: Catalog, { store, emit }: LoadPorts): Promise<void> {
  const before = state.previousDigest === undefined ? [] : await store.packages(state.previousDigest);
  const detail = describeChanges(state.version, planChanges(before, catalog.packages));
  await emit([eventOf(catalogChanged, detail)]);
  await store.markAnnounced(state.version);
}

async function refuse(
  source: string,
  problems: readonly CatalogProblem[],
  { store, emit, log, now }: LoadPorts,
): Promise<LoadAnswer> {
  const refusal = {
    at: now().toISOString(),
    source,
    problems: problems.slice(0, MAX_PROBLEMS),
    problemCount: problems.length,
  };
  log.warn("catalog refused; the active catalog stays active", { source, problems });
  await store.refuse(refusal);
  await emit([eventOf(catalogRefused, refusal)]);
  return { status: "refused", problems };
}
