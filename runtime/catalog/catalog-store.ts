import { requirementOf } from "../contracts/target";
import { writeAll } from "../shared/table/writes";
import { writeIf } from "../shared/table/writes";
import type { Table } from "../shared/table/open-table";
import type { Catalog, CatalogPackage } from "./catalog";
import { catalogEntities, type CatalogRefusal, type CatalogState } from "./entities";

/** The catalog in the table. */
export interface CatalogStore {
  /** The active catalog; undefined before the first load. */
  state(): Promise<CatalogState | undefined>;
  packages(digest: string): Promise<readonly CatalogPackage[]>;
  /** Writes the rows of a catalog. This does not make it active. */
  write(catalog: Catalog): Promise<void>;
  /**
   * Makes a catalog the active one, if no other load did so first: the active catalog must have the version before `next`.
   * @returns whether `next` is active now.
   */
  activate(next: CatalogState): Promise<boolean>;
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
      (await packageRows(digest)).map((row): CatalogPackage => {
        const { python, name, extras, specifier, prune, needs, license, authors } = row;
        const optional = needs === undefined ? {} : { needs };
        return { python, name, extras, specifier, prune, ...optional, license, authors };
      }),
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
    activate: ({ previousDigest, ...state }) =>
      writeIf(() =>
        catalogState
          .put({ name: "catalog", ...state, ...(previousDigest === undefined ? {} : { previousDigest }) })
          .where(({ version }, { eq, notExists }) =>
            state.version === 1 ? notExists(version) : eq(version, state.version - 1),
          )
          .go(),
      ),
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
      // If a newer catalog is active by now, the condition fails and nothing is written. The newer load announces its own catalog.
      await writeIf(() =>
        catalogState
          .patch({ name: "catalog" })
          .set({ announced: true })
          .where((attributes, { eq }) => eq(attributes.version, version))
          .go(),
      );
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
