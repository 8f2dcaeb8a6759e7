import { createSchema, Entity, type EntityItem } from "electrodb";
import { lazily, type Table } from "../shared/table/open-table";

/**
 * The catalog in the table. The key of each row starts with the digest of its whole catalog. So a new catalog is written
 * beside the active one, and two loads at the same time never mix their rows. A catalog becomes active when the one
 * `catalogState` item names its digest.
 */

/** Which catalog is active: one item. */
const catalogStateSchema = createSchema({
  model: { entity: "catalogstate", version: "1", service: "strata" },
  attributes: {
    name: { type: ["catalog"] as const, required: true },
    /** Counts the catalogs that have been active, from 1. */
    version: { type: "number", required: true },
    digest: { type: "string", required: true },
    /** The catalog that was active before this one. Its rows are kept, for functions that are reading them now. */
    previousDigest: { type: "string" },
    /** `s3://bucket/key` of the config.json it came from. */
    source: { type: "string", required: true },
    loadedAt: { type: "string", required: true },
    /** How many package rows it has, for all Pythons together. */
    packages: { type: "number", required: true },
    /** False until the `CatalogChanged` event is sent. If a load stops before that, the next load sends the event. */
    announced: { type: "boolean", required: true },
  },
  indexes: {
    byName: {
      pk: { field: "pk", composite: ["name"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
});

/** One row of a packages file, per Python. */
const catalogPackageSchema = createSchema({
  model: { entity: "catalogpackage", version: "1", service: "strata" },
  attributes: {
    digest: { type: "string", required: true },
    python: { type: "string", required: true },
    requirement: { type: "string", required: true },
    name: { type: "string", required: true },
    extras: { type: "list", items: { type: "string" }, required: true },
    specifier: { type: "string", required: true },
    prune: {
      type: "map",
      required: true,
      properties: {
        tests: { type: "boolean", required: true },
        runtime: { type: "boolean", required: true },
      },
    },
    needs: { type: "list", items: { type: "string" } },
    license: { type: "string", required: true },
    authors: { type: "string", required: true },
  },
  indexes: {
    byCatalog: {
      pk: { field: "pk", composite: ["digest"], casing: "none" },
      sk: { field: "sk", composite: ["python", "requirement"], casing: "none" },
    },
  },
});

/** One row of regions.csv. */
const catalogRegionSchema = createSchema({
  model: { entity: "catalogregion", version: "1", service: "strata" },
  attributes: {
    digest: { type: "string", required: true },
    code: { type: "string", required: true },
    name: { type: "string", required: true },
  },
  indexes: {
    byCatalog: {
      pk: { field: "pk", composite: ["digest"], casing: "none" },
      sk: { field: "sk", composite: ["code"], casing: "none" },
    },
  },
});

/** A refused catalog, and why it was refused. */
const catalogRefusalSchema = createSchema({
  model: { entity: "catalogrefusal", version: "1", service: "strata" },
  attributes: {
    name: { type: ["catalog"] as const, required: true },
    at: { type: "string", required: true },
    source: { type: "string", required: true },
    /** The first 100 problems, so that the item stays small. `problemCount` counts all of them. */
    problems: {
      type: "list",
      required: true,
      items: {
        type: "map",
        properties: {
          file: { type: "string", required: true },
          line: { type: "number", required: true },
          reason: { type: "string", required: true },
        },
      },
    },
    problemCount: { type: "number", required: true },
    expires: { type: "number", required: true },
  },
  indexes: {
    byTime: {
      pk: { field: "pk", composite: ["name"], casing: "none" },
      sk: { field: "sk", composite: ["at"], casing: "none" },
    },
  },
});

/** The catalog's entities over the table. */
export const catalogEntities = (table: Table) =>
  lazily({
    catalogState: () => new Entity(catalogStateSchema, table),
    catalogPackage: () => new Entity(catalogPackageSchema, table),
    catalogRegion: () => new Entity(catalogRegionSchema, table),
    catalogRefusal: () => new Entity(catalogRefusalSchema, table),
  });

type Entities = ReturnType<typeof catalogEntities>;

/** Which catalog is active. */
export type CatalogState = Readonly<Omit<EntityItem<Entities["catalogState"]>, "name">>;
/** A refused catalog. `expires` is left to the store. */
export type CatalogRefusal = Readonly<Omit<EntityItem<Entities["catalogRefusal"]>, "name" | "expires">>;
