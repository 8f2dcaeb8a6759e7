import { createSchema, Entity, type EntityItem } from "electrodb";
import { REFUSAL_STAGES, SPEC_STATUSES } from "../contracts/specs";
import { lazily, type Table } from "../shared/table/open-table";

/** How one spec ended: one item for each key `{owner}/{specId}/{version}-spec.json`. */
const specSchema = createSchema({
  model: { entity: "spec", version: "1", service: "strata" },
  attributes: {
    owner: { type: "string", required: true },
    /** The spec's id as installers compare names (PEP 503). */
    normalizedName: { type: "string", required: true },
    specId: { type: "string", required: true },
    /** One spelling for all versions that are equal by PEP 440. */
    canonicalVersion: { type: "string", required: true },
    /** As in the key. */
    version: { type: "string", required: true },
    status: { type: SPEC_STATUSES, required: true },
    /** ETag of the spec that was built or refused. */
    specEtag: { type: "string" },
    /** Revision of the builder that built or refused the spec. */
    builder: { type: "string" },
    /** The packages beside the spec; sizes in bytes, hashes in lower-case hex. */
    files: {
      type: "list",
      required: true,
      items: {
        type: "map",
        properties: {
          name: { type: "string", required: true },
          sha256: { type: "string", required: true },
          size: { type: "number", required: true },
        },
      },
    },
    /** Where the spec was refused, and why. */
    stage: { type: REFUSAL_STAGES },
    reason: { type: "string" },
    /** When the status was set (ISO 8601). */
    at: { type: "string", required: true },
    /** Sequencer of the newest event that was handled completely; comparable as text. */
    sequencer: { type: "string" },
    /** Only for removed specs: when DynamoDB deletes the item, in epoch seconds. */
    expires: { type: "number" },
  },
  indexes: {
    byName: {
      pk: { field: "pk", composite: ["owner"], casing: "none" },
      sk: {
        field: "sk",
        composite: ["normalizedName", "specId", "canonicalVersion", "version"],
        casing: "none",
      },
    },
  },
});

/** Which spec id owns a package name in the index, and for which versions. */
const packageNameSchema = createSchema({
  model: { entity: "packagename", version: "1", service: "strata" },
  attributes: {
    owner: { type: "string", required: true },
    normalizedName: { type: "string", required: true },
    specId: { type: "string", required: true },
    /** In canonical spelling. The name is free when there are none. */
    versions: { type: "set", items: "string" },
  },
  indexes: {
    byName: {
      pk: { field: "pk", composite: ["owner", "normalizedName"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
});

type SpecEntity = Entity<string, string, string, typeof specSchema>;

/** A spec's item without what is computed from its other attributes. */
export type SpecRow = Omit<EntityItem<SpecEntity>, "normalizedName" | "canonicalVersion" | "expires">;

/** The entities of specs over the table. */
export const specEntities = (table: Table) =>
  lazily({
    spec: () => new Entity(specSchema, table),
    packageName: () => new Entity(packageNameSchema, table),
  });
