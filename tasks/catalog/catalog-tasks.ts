import { openCatalogStore } from "../../runtime/catalog";
import { parseCatalog } from "../../runtime/catalog/parse";
import { readCatalogFiles } from "../../stacks/catalog-files";
import type { StageOption } from "../cli/options";
import { connect } from "../platform/connection";

interface CheckOptions {
  readonly python?: readonly string[];
  readonly json?: boolean;
}

/** `catalog check`: reads a catalog as the load in the cloud does. */
export function check(name: string, { python: pythons = ["3.12", "3.13"], json }: CheckOptions): void {
  const { packages, regions, digest } = parseCatalog(Object.fromEntries(readCatalogFiles(name)), pythons);
  const counted = pythons.map((python) => ({
    python,
    packages: packages.filter((row) => row.python === python).length,
  }));
  if (json === true) {
    console.log(
      JSON.stringify({ pythons: counted, regions: regions.map(({ code }) => code), digest }, undefined, 2),
    );
    return;
  }
  const parts = counted.map(({ python, packages: count }) => `${count} packages for Python ${python}`);
  console.log(`${[...parts, `${regions.length} regions`].join(", ")}; digest ${digest.slice(0, 12)}`);
}

/** `catalog show`: which catalog is active, and the last refusals. */
export async function show(options: StageOption): Promise<void> {
  const connection = await connect(options.stage);
  const store = openCatalogStore(connection.table());
  const [active, refusals] = await Promise.all([store.state(), store.refusals(5)]);
  if (options.json === true) {
    console.log(JSON.stringify({ active: active ?? null, refusals }, undefined, 2));
    return;
  }
  console.log(
    active === undefined
      ? "no catalog is loaded"
      : `version ${active.version}: ${active.packages} rows, loaded ${active.loadedAt} from ${active.source}`,
  );
  for (const refusal of refusals) {
    console.log(`refused ${refusal.at}:`);
    for (const { file, line, reason } of refusal.problems) console.log(`  ${file}:${line}: ${reason}`);
  }
}
