import { Catalog } from "../infra/catalog";
import { Foundation } from "../infra/foundation";
import { LayerFactory } from "../infra/layers/layer-factory";
import type { Visibility } from "../infra/layers/steps";
import { LayerIndex } from "../infra/layer-index";
import { SPEC_TOOLS, SpecBuilder } from "../infra/specs/spec-builder";
import { PartitionManager, type PartitionManagerArgs } from "../infra/partitions/partition-manager";
import type { ScheduleExpression } from "../infra/parts/schedule";
import type { ToolSource } from "../infra/parts/tool-function";
import { Watch } from "../infra/watch";
import { catalogDigest, catalogRegions, readCatalogFiles } from "./catalog-files";
import type { ProgramOutputs } from "./outputs";
import { type Settings, SettingsError } from "./settings";

/** News the services of a stage and hands outputs from one to the next. */
export function createPlatform(settings: Settings): ProgramOutputs {
  const files = readCatalogFiles(settings.catalog);
  const regions = regionsOf(settings, catalogRegions(files));
  const watch = new Watch("watch", settings);
  const functions = { logRetentionDays: settings.logRetentionDays, notify: watch.notify };
  const { pythons, architectures } = settings;
  const foundation = new Foundation("strata", {
    regions,
    retainData: settings.retainData,
    tlsOnly: settings.tlsOnly,
    buildsImages: buildsImages(settings),
  });
  const factory = new LayerFactory("layers", {
    foundation,
    functions,
    pythons,
    architectures,
    layerPrefix: settings.layerPrefix,
    visibility: visibilityOf(settings),
    expiryDays: settings.expiryDays,
    buildConcurrency: settings.buildConcurrency,
    toolSource: (builder) => toolSourceOf(settings, foundation, builder),
    ...scheduled(settings, "schedule", settings.buildSchedule),
  });
  const index = new LayerIndex("index", { foundation, functions, pythons, architectures, regions });
  const specs = new SpecBuilder("specs", {
    foundation,
    functions,
    api: index.api,
    visibility: settings.packageIndexVisibility,
    concurrency: settings.specConcurrency,
    rollouts: settings.specRollout,
    architecture: architectures[0] ?? "x86_64",
    toolSource: (tool) => toolSourceOf(settings, foundation, `specs-${tool}`),
    retainData: settings.retainData,
    ...scheduled(settings, "specCanarySchedule", settings.specCanarySchedule),
  });
  const partitions = createPartitionManager(settings, { foundation, functions });
  // After the factory, so that the first catalog's event finds its listener.
  const catalog = new Catalog(
    "catalog",
    { foundation, functions, pythons, regions, files, digest: catalogDigest(files) },
    { dependsOn: [factory.listening] },
  );
  return {
    stage: {
      tableName: foundation.table.name,
      busName: foundation.bus.name,
      pythons,
      architectures,
      regions,
    },
    api: { url: index.api.url },
    catalog: { bucket: catalog.bucket.name },
    layers: {
      machine: factory.machine.arn,
      artifactsBucket: foundation.artifacts.name,
      publicationsLog: factory.publications,
    },
    specs: {
      bucket: foundation.specs.name,
      handler: specs.handler.arn,
      failures: specs.failures,
      canary: specs.canary,
      packageIndexUrl: specs.url,
      packageIndexSecret: specs.secret,
    },
    partitions: {
      machine: partitions.machine.arn,
      advisor: partitions.advisor,
      queue: partitions.queue,
      freshnessHours: settings.partitionFreshnessHours,
    },
  };
}

function createPartitionManager(
  settings: Settings,
  shared: Pick<PartitionManagerArgs, "foundation" | "functions">,
): PartitionManager {
  return new PartitionManager("partitions", {
    ...shared,
    stage: settings.stage,
    databases: settings.rawDatabases,
    excludedDatabases: settings.excludedDatabases,
    buckets: settings.rawBuckets,
    catalogId: settings.glueCatalogId,
    region: settings.homeRegion,
    concurrency: settings.partitionConcurrency,
    lookBackDays: settings.partitionLookBackDays,
    lookAheadDays: settings.partitionLookAheadDays,
    freshnessHours: settings.partitionFreshnessHours,
    followsEvents: settings.partitionEvents,
    ...scheduled(settings, "schedule", settings.partitionSchedule),
  });
}

/** A service's schedule under the name it has there; nothing in a stage without schedules. */
function scheduled<Name extends string>(
  { schedules }: Settings,
  name: Name,
  when: string,
): Partial<Record<Name, ScheduleExpression>> {
  return (schedules ? { [name]: when } : {}) as Partial<Record<Name, ScheduleExpression>>;
}

/** The stage's regions, home first. */
function regionsOf(settings: Settings, all: readonly string[]): [string, ...string[]] {
  if (settings.regions[0] !== "all") return [settings.homeRegion, ...settings.regions.slice(1)];
  if (!all.includes(settings.homeRegion)) {
    throw new SettingsError(
      `aws:region: ${settings.homeRegion} was given; it must be in stacks/catalog/${settings.catalog}/regions.csv`,
    );
  }
  return [settings.homeRegion, ...all.filter((region) => region !== settings.homeRegion)];
}

function visibilityOf({ visibility, organizationId }: Settings): Visibility {
  return visibility === "organization" ? { kind: visibility, organizationId } : { kind: visibility };
}

function buildsImages(settings: Settings): boolean {
  const builders = settings.pythons.flatMap((python) =>
    settings.architectures.map((architecture) => `${python}-${architecture}`),
  );
  const images = [...builders, ...SPEC_TOOLS.map((tool) => `specs-${tool}`)];
  return (
    settings.toolFunctions === "image" && images.some((image) => settings.builderImages[image] === undefined)
  );
}

/** @param image its key in `strata:builderImages`. */
function toolSourceOf(settings: Settings, foundation: Foundation, image: string): ToolSource {
  if (settings.toolFunctions === "host") return { kind: "host" };
  const uri = settings.builderImages[image];
  if (uri !== undefined) return { kind: "image", uri };
  if (foundation.images === undefined) throw new Error(`no registry to push the image ${image} to`);
  return { kind: "build", repositoryUrl: foundation.images.url };
}
