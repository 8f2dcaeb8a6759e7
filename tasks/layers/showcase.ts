import type { Showcase } from "../platform/showcases";
import { buildCatalog } from "./catalog-build";
import { type RunCounts, describeCounts } from "./layer-runs";
import { readTargets, renderTargets } from "./layer-table";
import { type ShownImport, showImports } from "./shown-imports";

/** Builds the catalog's layers, and imports some of them inside Lambdas. */
export const showcase: Showcase<{
  readonly layers: RunCounts;
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

function described(counts: RunCounts): string {
  const unchanged = counts.built === 0 && counts.failed === 0;
  return unchanged ? `Nothing to rebuild: ${describeCounts(counts)}` : describeCounts(counts);
}
