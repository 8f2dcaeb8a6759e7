import { createSchema } from "electrodb";
import { builtProperties, failureProperties, targetAttributes } from "./attributes";

/** A good build of a target, one item per build key: the history that a rollback chooses from. */
export const buildSchema = createSchema({
  model: { entity: "build", version: "1", service: "strata" },
  attributes: { ...targetAttributes, ...builtProperties },
  indexes: {
    byTarget: {
      pk: { field: "pk", composite: ["python", "architecture", "requirement"], casing: "none" },
      sk: { field: "sk", composite: ["buildKey"], casing: "none" },
    },
    byKey: {
      index: "gsi1",
      pk: { field: "gsi1pk", composite: ["buildKey"], casing: "none" },
      sk: { field: "gsi1sk", composite: ["python", "architecture", "requirement"], casing: "none" },
    },
  },
});

/**
 * Where a target stands: its latest good build, and the failure of the last attempt if that failed. They are two
 * attributes, so that a failure never hides an earlier good build.
 */
export const targetStateSchema = createSchema({
  model: { entity: "targetstate", version: "1", service: "strata" },
  attributes: {
    ...targetAttributes,
    built: { type: "map", properties: builtProperties },
    failure: {
      type: "map",
      properties: {
        ...failureProperties,
        /** Absent when the target never resolved. */
        version: { type: "string" },
        buildKey: { type: "string" },
        runId: { type: "string", required: true },
        at: { type: "string", required: true },
      },
    },
  },
  indexes: {
    byRuntime: {
      pk: { field: "pk", composite: ["python", "architecture"], casing: "none" },
      sk: { field: "sk", composite: ["requirement"], casing: "none" },
    },
    byPackage: {
      index: "gsi1",
      pk: { field: "gsi1pk", composite: ["requirement"], casing: "none" },
      sk: { field: "gsi1sk", composite: ["python", "architecture"], casing: "none" },
    },
  },
});
