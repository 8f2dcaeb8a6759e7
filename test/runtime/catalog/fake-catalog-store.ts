import type { CatalogRefusal, CatalogState, CatalogStore } from "../../../runtime/catalog";
import type { Catalog } from "../../../runtime/catalog/catalog";

/** The catalog store in memory. `digests` are the catalogs whose rows it holds. */
export class FakeCatalogStore implements CatalogStore {
  active: CatalogState | undefined;
  readonly rows = new Map<string, Catalog>();
  readonly refused: CatalogRefusal[] = [];
  /** Runs before a catalog becomes active, as another load would. */
  beforeActivate: () => void = () => undefined;

  get digests(): string[] {
    return [...this.rows.keys()];
  }

  state = () => Promise.resolve(this.active);
  packages = (digest: string) => Promise.resolve(this.rows.get(digest)?.packages ?? []);
  refusals = () => Promise.resolve(this.refused);

  write = (catalog: Catalog) => {
    this.rows.set(catalog.digest, catalog);
    return Promise.resolve();
  };

  activate = (next: CatalogState) => {
    this.beforeActivate();
    const fits = (this.active?.version ?? 0) === next.version - 1;
    if (fits) this.active = next;
    return Promise.resolve(fits);
  };

  remove = (digest: string) => {
    this.rows.delete(digest);
    return Promise.resolve();
  };

  markAnnounced = (version: number) => {
    if (this.active?.version === version) this.active = { ...this.active, announced: true };
    return Promise.resolve();
  };

  refuse = (refusal: CatalogRefusal) => {
    this.refused.unshift(refusal);
    return Promise.resolve();
  };
}
