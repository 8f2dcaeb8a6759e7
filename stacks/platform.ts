import type * as pulumi from "@pulumi/pulumi";
import { Catalog } from "../infra/catalog";
import { Foundation } from "../infra/foundation";
import { LayerFactory } from "../infra/layer-factory";
import type { Visibility } from "../infra/layer-factory-steps";
import { LayerIndex } from "../infra/layer-index";
import type { ScheduleExpression } from "../infra/parts/schedule";
import type { ToolSource } from "../infra/parts/tool-function";
import { catalogDigest, catalogRegions, readCatalogFiles } from "./catalog-files";
import { type Settings, SettingsError } from "./settings";

/** What the program exports: what a person or a task needs to use the platform. */
export interface PlatformOutputs {
  readonly tableName: pulumi.Output<string>;
  readonly busName: pulumi.Output<string>;
  readonly catalogBucket: pulumi.Output<string>;
  readonly artifactsBucket: pulumi.Output<string>;
  readonly buildMachine: pulumi.Output<string>;
  readonly publicationsLog: pulumi.Output<string>;
  readonly apiUrl: pulumi.Output<string>;
  readonly pythons: readonly string[];
  readonly architectures: readonly string[];
  readonly regions: readonly string[];
}

/** News the services of a stage and hands outputs from one to the next. */
export function createPlatform(settings: Settings): PlatformOutputs {
  const files = readCatalogFiles(settings.catalog);
  const regions = regionsOf(settings, catalogRegions(files));
  const functions = { logRetentionDays: settings.logRetentionDays };
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
    ...(settings.schedules ? { schedule: settings.buildSchedule as ScheduleExpression } : {}),
  });
  const index = new LayerIndex("index", { foundation, functions, pythons, architectures, regions });
  // After the factory, so that the first catalog's event finds its listener.
  new Catalog(
    "catalog",
    { foundation, functions, pythons, regions, files, digest: catalogDigest(files) },
    { dependsOn: [factory.listening] },
  );
  return {
    tableName: foundation.table.name,
    busName: foundation.bus.name,
    catalogBucket: foundation.catalogBucket.name,
    artifactsBucket: foundation.artifacts.name,
    buildMachine: factory.machine.arn,
    publicationsLog: factory.publications,
    apiUrl: index.url,
    pythons,
    architectures,
    regions,
  };
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
  return (
    settings.toolFunctions === "image" &&
    builders.some((builder) => settings.builderImages[builder] === undefined)
  );
}

function toolSourceOf(settings: Settings, foundation: Foundation, builder: string): ToolSource {
  if (settings.toolFunctions === "host") return { kind: "host" };
  const uri = settings.builderImages[builder];
  if (uri !== undefined) return { kind: "image", uri };
  if (foundation.images === undefined) throw new Error(`no registry to push the image of ${builder} to`);
  return { kind: "build", repositoryUrl: foundation.images.url };
}
