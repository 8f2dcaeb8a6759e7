import type { Catalog } from "../../../runtime/catalog/catalog";
import type { CatalogRefusal, CatalogState, CatalogStore } from "../../../runtime/catalog/store";

/** The catalog store in memory; `digests` are the catalogs whose rows are there. */
export class FakeCatalogStore implements CatalogStore {
  inForce: CatalogState | undefined;
  readonly rows = new Map<string, Catalog>();
  readonly refused: CatalogRefusal[] = [];
  /** Runs before a flip, as another load would. */
  beforeFlip: () => void = () => undefined;

  get digests(): string[] {
    return [...this.rows.keys()];
  }

  state = () => Promise.resolve(this.inForce);
  packages = (digest: string) => Promise.resolve(this.rows.get(digest)?.packages ?? []);
  regions = (digest: string) => Promise.resolve(this.rows.get(digest)?.regions ?? []);
  refusals = () => Promise.resolve(this.refused);

  write = (catalog: Catalog) => {
    this.rows.set(catalog.digest, catalog);
    return Promise.resolve();
  };

  flip = (next: CatalogState) => {
    this.beforeFlip();
    const fits = (this.inForce?.version ?? 0) === next.version - 1;
    if (fits) this.inForce = next;
    return Promise.resolve(fits);
  };

  remove = (digest: string) => {
    this.rows.delete(digest);
    return Promise.resolve();
  };

  markAnnounced = (version: number) => {
    if (this.inForce?.version === version) this.inForce = { ...this.inForce, announced: true };
    return Promise.resolve();
  };

  refuse = (refusal: CatalogRefusal) => {
    this.refused.unshift(refusal);
    return Promise.resolve();
  };
}
