import { writeAll } from "../shared/table/bulk";
import { isConditionFailed } from "../shared/table/conditions";
import type { Table } from "../shared/table/open-table";
import { catalogEntities } from "./entities";
import { requirementOf } from "../contracts/target";
import type { Catalog, CatalogPackage, CatalogProblem, CatalogRegion } from "./catalog";

/** Which catalog is in force. */
export interface CatalogState {
  /** Counts the catalogs that were in force, from 1. */
  readonly version: number;
  readonly digest: string;
  readonly previousDigest?: string | undefined;
  readonly source: string;
  readonly loadedAt: string;
  /** Number of package rows, all Pythons together. */
  readonly packages: number;
  readonly announced: boolean;
}

export interface CatalogRefusal {
  readonly at: string;
  readonly source: string;
  readonly problems: readonly CatalogProblem[];
  readonly problemCount: number;
}

/** The catalog in the table. */
export interface CatalogStore {
  /** The one in force; undefined before the first load. */
  state(): Promise<CatalogState | undefined>;
  packages(digest: string): Promise<readonly CatalogPackage[]>;
  regions(digest: string): Promise<readonly CatalogRegion[]>;
  /** Writes the rows of a catalog, which is not in force by that. */
  write(catalog: Catalog): Promise<void>;
  /** Puts a catalog in force, if the one in force is still the `version` before it; answers whether it did. */
  flip(next: CatalogState): Promise<boolean>;
  /** Removes the rows of a catalog. */
  remove(digest: string): Promise<void>;
  markAnnounced(version: number): Promise<void>;
  refuse(refusal: CatalogRefusal): Promise<void>;
  /** Newest first. */
  refusals(limit: number): Promise<readonly CatalogRefusal[]>;
}

/** Refusals are kept for 90 days. */
const REFUSAL_SECONDS = 90 * 24 * 3600;

/** The catalog's rows and state over the table. */
export function openCatalogStore(table: Table): CatalogStore {
  const { catalogState, catalogPackage, catalogRegion, catalogRefusal } = catalogEntities(table);
  const packageRows = async (digest: string) =>
    (await catalogPackage.query.byCatalog({ digest }).go({ pages: "all", consistent: true })).data;
  const regionRows = async (digest: string) =>
    (await catalogRegion.query.byCatalog({ digest }).go({ pages: "all", consistent: true })).data;
  return {
    state: async () =>
      (await catalogState.get({ name: "catalog" }).go({ consistent: true })).data ?? undefined,
    packages: async (digest) =>
      (await packageRows(digest)).map(
        ({ python, name, extras, specifier, prune, needs, license, authors }) => {
          return {
            python,
            name,
            extras,
            specifier,
            prune,
            ...(needs === undefined ? {} : { needs }),
            license,
            authors,
          };
        },
      ),
    regions: async (digest) => (await regionRows(digest)).map(({ code, name }) => ({ code, name })),
    write: async ({ digest, packages, regions }) => {
      const rows = packages.map(({ needs, ...row }) => ({
        ...row,
        extras: [...row.extras],
        ...(needs === undefined ? {} : { needs: [...needs] }),
        digest,
        requirement: requirementOf(row),
      }));
      await writeAll(rows, (batch) => catalogPackage.put(batch).go());
      await writeAll(
        regions.map((region) => ({ ...region, digest })),
        (batch) => catalogRegion.put(batch).go(),
      );
    },
    flip: async (next) => {
      const { previousDigest, ...state } = next;
      try {
        await catalogState
          .put({ name: "catalog", ...state, ...(previousDigest === undefined ? {} : { previousDigest }) })
          .where(({ version }, { eq, notExists }) =>
            next.version === 1 ? notExists(version) : eq(version, next.version - 1),
          )
          .go();
        return true;
      } catch (error) {
        if (isConditionFailed(error)) return false;
        throw error;
      }
    },
    remove: async (digest) => {
      const packages = (await packageRows(digest)).map(({ python, requirement }) => ({
        digest,
        python,
        requirement,
      }));
      const regions = (await regionRows(digest)).map(({ code }) => ({ digest, code }));
      await writeAll(packages, (batch) => catalogPackage.delete(batch).go());
      await writeAll(regions, (batch) => catalogRegion.delete(batch).go());
    },
    markAnnounced: async (version) => {
      try {
        await catalogState
          .patch({ name: "catalog" })
          .set({ announced: true })
          .where((attributes, { eq }) => eq(attributes.version, version))
          .go();
      } catch (error) {
        // A newer catalog is in force by now, and its own load announces it.
        if (!isConditionFailed(error)) throw error;
      }
    },
    refuse: async (refusal) => {
      const expires = Math.floor(Date.parse(refusal.at) / 1000) + REFUSAL_SECONDS;
      const problems = refusal.problems.map((problem) => ({ ...problem }));
      await catalogRefusal.put({ name: "catalog", ...refusal, problems, expires }).go();
    },
    refusals: async (limit) =>
      (await catalogRefusal.query.byTime({ name: "catalog" }).go({ order: "desc", limit })).data,
  };
}
