import type { PackageSpec, PythonVersion } from "../contracts/target";

/** A row of a packages file. */
export interface CatalogPackage extends PackageSpec {
  readonly python: PythonVersion;
  /** As the CSV has it; goes into the layer version's licence field. */
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
  /** Pythons that config.json names and this stage does not build for. */
  readonly skippedPythons: readonly PythonVersion[];
  /** sha256 over all of it, lower-case hex: equal catalogs have equal digests. */
  readonly digest: string;
}

/** One thing that is wrong in the catalog's files. `line` counts from 1. */
export interface CatalogProblem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** The catalog is wrong: every problem of it, so that one upload can mend them all. The user must fix it. */
export class CatalogError extends Error {
  override readonly name = "CatalogError";

  constructor(readonly problems: readonly CatalogProblem[]) {
    super(
      `The catalog was refused; fix these and upload it again:\n` +
        problems.map(({ file, line, reason }) => `${file}:${line}: ${reason}`).join("\n"),
    );
  }
}
