import { createSchema, Entity } from "electrodb";
import { lazily, type Table } from "../shared/table/open-table";

/**
 * The catalog in the table. Rows lie under the digest of the whole catalog, so that a new one is written beside the
 * one in force, and only the flip of `CatalogState` puts it in force. Two loads at once never mix their rows.
 */

/** Which catalog is in force: one item. */
const catalogStateSchema = createSchema({
  model: { entity: "catalogstate", version: "1", service: "strata" },
  attributes: {
    name: { type: ["catalog"] as const, required: true },
    version: { type: "number", required: true },
    digest: { type: "string", required: true },
    /** Kept one back, for whoever reads while the catalog changes. */
    previousDigest: { type: "string" },
    /** `s3://bucket/key` of the config.json it came from. */
    source: { type: "string", required: true },
    loadedAt: { type: "string", required: true },
    packages: { type: "number", required: true },
    /** False between the flip and the event that tells of it: a load that died there is finished by its repeat. */
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

/** A catalog that was refused, and why. */
const catalogRefusalSchema = createSchema({
  model: { entity: "catalogrefusal", version: "1", service: "strata" },
  attributes: {
    name: { type: ["catalog"] as const, required: true },
    at: { type: "string", required: true },
    source: { type: "string", required: true },
    /** The first of them, so that the item stays small; `problemCount` has the full number. */
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
