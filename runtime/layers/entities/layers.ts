import { createSchema } from "electrodb";
import { LAYER_STATUSES } from "../../contracts/layers";
import { targetAttributes } from "./attributes";

/** A layer version in one region, one row for each architecture that it is for. */
export const layerSchema = createSchema({
  model: { entity: "layer", version: "1", service: "strata" },
  attributes: {
    region: { type: "string", required: true },
    ...targetAttributes,
    layerName: { type: "string", required: true },
    layerVersion: { type: "number", required: true, padding: { length: 9, char: "0" } },
    arn: { type: "string", required: true },
    packageVersion: { type: "string", required: true },
    /** Names the artifact that it was published from. */
    sha256: { type: "string", required: true },
    status: { type: LAYER_STATUSES, required: true },
    dependencies: { type: "list", items: { type: "string" }, required: true },
    publishedAt: { type: "string", required: true },
    /** When a deprecated one is deleted; absent while it is the latest. */
    expiryDate: { type: "string" },
    runId: { type: "string", required: true },
  },
  indexes: {
    byPackageInRegion: {
      pk: { field: "pk", composite: ["region", "python", "architecture", "requirement"], casing: "none" },
      sk: { field: "sk", composite: ["layerName", "layerVersion"], casing: "none" },
    },
    byStatus: {
      index: "gsi1",
      pk: { field: "gsi1pk", composite: ["region", "python", "architecture", "status"], casing: "none" },
      sk: { field: "gsi1sk", composite: ["requirement"], casing: "none" },
    },
    byPackage: {
      index: "gsi2",
      pk: { field: "gsi2pk", composite: ["requirement"], casing: "none" },
      sk: {
        field: "gsi2sk",
        composite: ["python", "architecture", "region", "layerName", "layerVersion"],
        casing: "none",
      },
    },
  },
});
