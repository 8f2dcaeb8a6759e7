import { Catalog } from "../infra/catalog";
import { Foundation } from "../infra/foundation";
import { LayerFactory } from "../infra/layers/layer-factory";
import type { Visibility } from "../infra/layers/steps";
import { LayerIndex } from "../infra/layer-index";
import { SpecBuilder } from "../infra/specs/spec-builder";
import { PartitionManager, type PartitionManagerArgs } from "../infra/partitions/partition-manager";
import type { ScheduleExpression } from "../infra/parts/schedule";
import type { ToolSource } from "../infra/parts/tool-function";
import { Watch } from "../infra/watch";
import { catalogDigest, catalogRegions, readCatalogFiles } from "./catalog-files";
import type { ProgramOutputs } from "./outputs";
import { type Settings, SettingsError } from "./settings/settings";
import type { StageSettings } from "./settings/stage";

/** News the services of a stage and hands outputs from one to the next. */
export function createPlatform(settings: Settings): ProgramOutputs {
  const { stage, layers } = settings;
  const files = readCatalogFiles(settings.catalog.catalog);
  const regions = regionsOf(settings, catalogRegions(files));
  const watch = new Watch("watch", stage);
  const functions = { logRetentionDays: stage.logRetentionDays, notify: watch.notify };
  const { pythons, architectures } = stage;
  const foundation = new Foundation("strata", {
    regions,
    retainData: stage.retainData,
    tlsOnly: stage.tlsOnly,
  });
  const toolSource = toolSources(stage, foundation);
  const factory = new LayerFactory("layers", {
    foundation,
    functions,
    pythons,
    architectures,
    layerPrefix: layers.layerPrefix,
    visibility: visibilityOf(layers),
    expiryDays: layers.layerExpiryDays,
    buildConcurrency: layers.layerBuildConcurrency,
    toolSource,
    ...scheduled(stage, "schedule", layers.layerBuildSchedule),
  });
  const index = new LayerIndex("index", { foundation, functions, pythons, architectures, regions });
  const specs = new SpecBuilder("specs", {
    foundation,
    functions,
    api: index.api,
    visibility: settings.specs.packageIndexVisibility,
    concurrency: settings.specs.specConcurrency,
    rollouts: settings.specs.specRollout,
    architecture: architectures[0] ?? "x86_64",
    toolSource: (tool) => toolSource(`specs-${tool}`),
    ...scheduled(stage, "canarySchedule", settings.specs.specCanarySchedule),
  });
  const partitions = createPartitionManager(settings, { foundation, functions });
  // After the factory, so that the first catalog's event starts a run.
  const catalog = new Catalog(
    "catalog",
    { foundation, functions, pythons, regions, files, digest: catalogDigest(files) },
    { dependsOn: [factory.ready] },
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
      publicationsLog: factory.publicationsLog,
    },
    specs: {
      bucket: specs.bucket.name,
      handler: specs.handler.arn,
      deadLetterQueue: specs.deadLetterQueue,
      canary: specs.canary,
      packageIndexUrl: specs.packageIndexUrl,
      packageIndexSecret: specs.packageIndexSecret,
    },
    partitions: {
      machine: partitions.machine.arn,
      advisor: partitions.advisor,
      queue: partitions.queue,
      freshnessHours: settings.partitions.partitionFreshnessHours,
    },
  };
}

function createPartitionManager(
  settings: Settings,
  shared: Pick<PartitionManagerArgs, "foundation" | "functions">,
): PartitionManager {
  return new PartitionManager("partitions", {
    ...shared,
    stage: settings.stage.stage,
    databases: settings.partitions.partitionDatabases,
    excludedDatabases: settings.partitions.partitionExcludedDatabases,
    buckets: settings.partitions.partitionBuckets,
    catalogId: settings.partitions.partitionGlueCatalogId,
    region: settings.stage.homeRegion,
    concurrency: settings.partitions.partitionConcurrency,
    lookBackDays: settings.partitions.partitionLookBackDays,
    lookAheadDays: settings.partitions.partitionLookAheadDays,
    freshnessHours: settings.partitions.partitionFreshnessHours,
    followsEvents: settings.partitions.partitionEvents,
    ...scheduled(settings.stage, "schedule", settings.partitions.partitionSchedule),
  });
}

/** A service's schedule under the name it has there; nothing in a stage without schedules. */
function scheduled<Name extends string>(
  { schedules }: StageSettings,
  name: Name,
  when: ScheduleExpression,
): Partial<Record<Name, ScheduleExpression>> {
  return (schedules ? { [name]: when } : {}) as Partial<Record<Name, ScheduleExpression>>;
}

/** The stage's regions, home first. */
function regionsOf({ stage, catalog }: Settings, all: readonly string[]): [string, ...string[]] {
  if (stage.regions[0] !== "all") return [stage.homeRegion, ...stage.regions.slice(1)];
  if (!all.includes(stage.homeRegion)) {
    throw new SettingsError(
      `aws:region: ${stage.homeRegion} was given; it must be in stacks/catalog/${catalog.catalog}/regions.csv`,
    );
  }
  return [stage.homeRegion, ...all.filter((region) => region !== stage.homeRegion)];
}

function visibilityOf({ layerVisibility, layerOrganizationId }: Settings["layers"]): Visibility {
  return layerVisibility === "organization"
    ? { kind: layerVisibility, organizationId: layerOrganizationId }
    : { kind: layerVisibility };
}

/** Says of each tool function, by its key in `strata:builderImages`, where it runs. */
function toolSources(
  { toolFunctions, builderImages }: StageSettings,
  foundation: Foundation,
): (image: string) => ToolSource {
  return (image) => {
    if (toolFunctions === "host") return { kind: "host" };
    const uri = builderImages[image];
    return uri === undefined
      ? { kind: "build", repositoryUrl: foundation.images().url }
      : { kind: "image", uri };
  };
}
