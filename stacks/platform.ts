import { Api } from "../infra/api";
import { Catalog } from "../infra/catalog";
import { Foundation } from "../infra/foundation";
import { LayerIndex } from "../infra/layer-index";
import { LayerFactory } from "../infra/layers/layer-factory";
import { PartitionManager } from "../infra/partitions/partition-manager";
import type { Shared } from "../infra/shared";
import { SpecBuilder } from "../infra/specs/spec-builder";
import { Watch } from "../infra/watch";
import { catalogRegions, readCatalogFiles } from "./catalog-files";
import type { ProgramOutputs } from "./outputs";
import { type Settings, SettingsError } from "./settings/settings";
import { toolSources } from "./tool-sources";

/** Creates what the services of a stage share, and then the services: a line for each. */
export function createPlatform(settings: Settings): ProgramOutputs {
  const { stage } = settings;
  const files = readCatalogFiles(settings.catalog.catalog);
  const regions = regionsOf(settings, catalogRegions(files));
  const { notify } = new Watch("watch", stage);
  const functions = { logRetentionDays: stage.logRetentionDays, notify };
  const foundation = new Foundation("strata", { ...stage, regions });
  const api = new Api("api", { functions });
  const toolSource = toolSources(settings, foundation);
  const shared: Shared = { ...stage, regions, foundation, functions, api, toolSource };

  const layers = new LayerFactory("layers", { ...shared, ...settings.layers });
  new LayerIndex("layer-index", shared);
  return {
    stage: {
      tableName: foundation.table.name,
      busName: foundation.bus.name,
      pythons: stage.pythons,
      architectures: stage.architectures,
      regions,
    },
    api: api.outputs,
    layers: layers.outputs,
    // After the layers, so that the event of the first catalog starts a run.
    catalog: new Catalog("catalog", { ...shared, files }, { dependsOn: [layers.ready] }).outputs,
    specs: new SpecBuilder("specs", { ...shared, ...settings.specs }).outputs,
    partitions: new PartitionManager("partitions", { ...shared, ...settings.partitions }).outputs,
  };
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
