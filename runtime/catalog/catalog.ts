import type { CatalogProblem } from "../contracts/catalog";
import type { PackageSpec, PrunePolicy, PythonVersion } from "../contracts/target";

/** What the column Prune means when its cell is empty. */
export const DEFAULT_PRUNE: PrunePolicy = { tests: true, runtime: true };

/** A row of a packages file. */
export interface CatalogPackage extends PackageSpec {
  readonly python: PythonVersion;
  /** As the CSV has it; it becomes the layer version's license field. */
  readonly license: string;
  readonly authors: string;
}

/** A row of regions.csv. */
export interface CatalogRegion {
  /** Such as `eu-west-1`. */
  readonly code: string;
  readonly name: string;
}

/** A whole, valid catalog. Packages are sorted by Python and requirement, regions by code. */
export interface Catalog {
  readonly packages: readonly CatalogPackage[];
  readonly regions: readonly CatalogRegion[];
  /** Pythons in config.json that this stage does not build for. */
  readonly skippedPythons: readonly PythonVersion[];
  /** sha256 of packages and regions, lower-case hex. Equal catalogs have equal digests. */
  readonly digest: string;
}

/** The catalog is wrong and the user must fix it. Lists every problem, so that one upload can fix them all. */
export class CatalogError extends Error {
  override readonly name = "CatalogError";

  constructor(readonly problems: readonly CatalogProblem[]) {
    super(
      `The catalog was refused. Fix these problems and upload it again:\n` +
        problems.map(({ file, line, reason }) => `${file}:${line}: ${reason}`).join("\n"),
    );
  }
}
