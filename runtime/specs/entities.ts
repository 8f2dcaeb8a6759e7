import { createSchema, Entity } from "electrodb";
import { lazily, type Table } from "../shared/table/open-table";

/** `refused`: the spec can't be built; `removed`: it is gone, and the row only tells how far its events were handled. */
const PACKAGE_STATUSES = ["built", "refused", "removed"] as const;
export type PackageStatus = (typeof PACKAGE_STATUSES)[number];

/**
 * Where a spec is refused: by another one that has its version or its name, by what it says, or by the builder. A wrong key has
 * no row.
 */
const REFUSAL_STAGES = ["version", "name", "spec", "build"] as const;
export type RefusalStage = (typeof REFUSAL_STAGES)[number];

/** Where the package of one spec stands, one item for each key `{owner}/{specId}/{version}-spec.json`. */
const packageSchema = createSchema({
  model: { entity: "package", version: "1", service: "strata" },
  attributes: {
    owner: { type: "string", required: true },
    /** The name that installers know it by (PEP 503), made of the spec's id. */
    normalizedName: { type: "string", required: true },
    specId: { type: "string", required: true },
    /** One spelling for all that PEP 440 holds equal. */
    canonicalVersion: { type: "string", required: true },
    /** As in the key. */
    version: { type: "string", required: true },
    status: { type: PACKAGE_STATUSES, required: true },
    /** Of the spec that it was built from, or that was refused. */
    specEtag: { type: "string" },
    /** Revision of the builder that built or refused it. */
    builder: { type: "string" },
    /** Beside the spec; sizes in bytes, hashes in lower-case hex. */
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
    /** At which stage it was refused, and why. */
    stage: { type: REFUSAL_STAGES },
    reason: { type: "string" },
    /** When it came to stand so (ISO 8601). */
    at: { type: "string", required: true },
    /** Of the newest event that was handled to its end; comparable as text. */
    sequencer: { type: "string" },
    /** Only of removed ones: epoch seconds. */
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

/** Which spec id a name in the index belongs to, and the versions that it belongs to it for. */
const packageNameSchema = createSchema({
  model: { entity: "packagename", version: "1", service: "strata" },
  attributes: {
    owner: { type: "string", required: true },
    normalizedName: { type: "string", required: true },
    specId: { type: "string", required: true },
    /** In canonical spelling. The name is free once there is none. */
    versions: { type: "set", items: "string" },
  },
  indexes: {
    byName: {
      pk: { field: "pk", composite: ["owner", "normalizedName"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
});

/** The entities of specs over the table. */
export const specEntities = (table: Table) =>
  lazily({
    package: () => new Entity(packageSchema, table),
    packageName: () => new Entity(packageNameSchema, table),
  });
