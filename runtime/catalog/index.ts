/** What other services may use of the catalog. Tasks also parse catalogs before they are uploaded; see `parse.ts`. */
export { DEFAULT_PRUNE, type CatalogPackage } from "./catalog";
export { openCatalogStore, type CatalogStore } from "./catalog-store";
export type { CatalogRefusal, CatalogState } from "./entities";
