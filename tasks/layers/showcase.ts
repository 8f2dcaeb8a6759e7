import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../../local/tools/tools";
import { latestLayers } from "../../runtime/layers";
import type { Connection } from "../platform/connection";
import type { Showcase } from "../platform/showcases";
import type { LocalPlatform } from "../platform/stack";
import { buildCatalog } from "./catalog-build";
import { type Imported, importInLambda } from "./import-check";
import { type RunProgress, describeCounts } from "./layer-runs";
import { readTargets, renderTargets } from "./layer-table";

/** Packages whose import is shown: one of pure Python, one native. */
const SHOWN = ["requests", "numpy"];

/** A layer, and what a Lambda imported from it. */
interface ShownImport {
  readonly layerArn: string;
  readonly imported: Imported;
}

/** Builds the catalog's layers, and imports some of them inside Lambdas. */
export const showcase: Showcase<{
  readonly layers: RunProgress;
  readonly imports: readonly ShownImport[];
}> = {
  show: ({ platform, connection, deployed, progress }) => {
    const layers = buildCatalog(deployed, progress);
    return { layers, imports: showImports(platform, connection, layers, progress) };
  },
  present: async (connection, { layers: counts, imports }) => {
    const { api, stage } = connection.outputs;
    const { pythons, regions } = stage;
    const rows = await readTargets(connection);
    return {
      json: { counts, layers: rows, imports },
      tables: [renderTargets(rows, regions)],
      lines: [
        ...(counts === undefined ? [] : [described(counts)]),
        // Quoted, because the address holds a $.
        `API: curl '${api.url}/api/v2/p${pythons[0] ?? ""}/layers/latest/${regions[0] ?? ""}'`,
      ],
      next: ["./strata layers show numpy", "./strata layers build httpx"],
      needsAttention: counts !== undefined && counts.failed + counts.refused > 0,
    };
  },
};

function described(counts: RunProgress): string {
  const unchanged = counts.built === 0 && counts.failed === 0;
  return unchanged ? `Nothing to rebuild: ${describeCounts(counts)}` : describeCounts(counts);
}

/**
 * Imports layers inside Lambdas as soon as they are published, and tells what was seen.
 *
 * @param building ends when no more layers come.
 */
async function showImports(
  platform: LocalPlatform,
  connection: Connection,
  building: Promise<unknown>,
  progress: Progress,
): Promise<readonly ShownImport[]> {
  const runtime = {
    python: platform.tools.pythonVersion,
    architecture: process.arch === "arm64" ? "arm64" : "x86_64",
  } as const;
  const region = connection.outputs.stage.regions[0] ?? "";
  if (!connection.outputs.stage.pythons.includes(runtime.python)) {
    progress(
      `No import is shown: the emulator runs Lambdas on Python ${runtime.python}, and layers are built for ` +
        `${connection.outputs.stage.pythons.join(", ")}. Install one of these and run ./strata reset.`,
    );
    return [];
  }
  const results: ShownImport[] = [];
  const done = { building: false };
  const ended = building.then(
    () => (done.building = true),
    () => (done.building = true),
  );
  const waiting = new Set(SHOWN);
  for (let last = false; waiting.size > 0 && !last; await Promise.race([sleep(1000), ended])) {
    last = done.building;
    const layers = await latestLayers(connection.table(), region, runtime);
    for (const { requirement, arn } of layers.filter((layer) => waiting.has(layer.requirement))) {
      waiting.delete(requirement);
      const imported = await importInLambda(connection, {
        ...runtime,
        layerArn: arn,
        modules: [requirement],
      });
      results.push({ layerArn: arn, imported });
      progress(describeImport(arn, imported));
    }
  }
  return results;
}

function describeImport(arn: string, imported: Imported): string {
  const seen = Object.entries(imported).map(([name, { version }]) => `${name} ${version}`.trim());
  return `A Lambda imported ${seen.join(", ")} from ${arn}`;
}
