import { createSchema, CustomAttributeType } from "electrodb";
import { OUTCOME_STATUSES, PUBLICATION_STATUSES, RUN_STATUSES } from "../../contracts/layers";
import type { Architecture } from "../../contracts/target";
import { expires } from "../../shared/table/open-table";
import { failureProperties, targetAttributes } from "./attributes";

/** One run of the factory. */
export const runSchema = createSchema({
  model: { entity: "run", version: "1", service: "strata" },
  attributes: {
    runId: { type: "string", required: true },
    startedAt: { type: "string", required: true },
    finishedAt: { type: "string" },
    status: { type: RUN_STATUSES, required: true },
    /** Why it was started, in the words of whoever did. */
    reason: { type: "string" },
    /** Why it failed as a whole. */
    error: { type: "string" },
    targets: { type: "number", required: true },
    counts: {
      type: "map",
      properties: {
        built: { type: "number", required: true },
        unchanged: { type: "number", required: true },
        failed: { type: "number", required: true },
        published: { type: "number", required: true },
        refused: { type: "number", required: true },
      },
    },
    expires,
  },
  indexes: {
    byId: {
      pk: { field: "pk", composite: ["runId"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
    byTime: {
      index: "gsi1",
      pk: { field: "gsi1pk", composite: [], casing: "none" },
      sk: { field: "gsi1sk", composite: ["startedAt", "runId"], casing: "none" },
    },
  },
});

/** What became of one target in one run. */
export const outcomeSchema = createSchema({
  model: { entity: "outcome", version: "1", service: "strata" },
  attributes: {
    runId: { type: "string", required: true },
    ...targetAttributes,
    status: { type: OUTCOME_STATUSES, required: true },
    version: { type: "string" },
    failure: { type: "map", properties: failureProperties },
    expires,
  },
  indexes: {
    byRun: {
      pk: { field: "pk", composite: ["runId"], casing: "none" },
      sk: { field: "sk", composite: ["python", "architecture", "requirement"], casing: "none" },
    },
  },
});

/** What became of one item in one region of one run. */
export const publicationSchema = createSchema({
  model: { entity: "publication", version: "1", service: "strata" },
  attributes: {
    runId: { type: "string", required: true },
    region: { type: "string", required: true },
    item: { type: "string", required: true },
    status: { type: PUBLICATION_STATUSES, required: true },
    python: { type: "string", required: true },
    architectures: {
      type: "list",
      items: { type: CustomAttributeType<Architecture>("string") },
      required: true,
    },
    requirement: { type: "string", required: true },
    packageVersion: { type: "string", required: true },
    sha256: { type: "string", required: true },
    arn: { type: "string" },
    error: { type: "string" },
    expires,
  },
  indexes: {
    byRun: {
      pk: { field: "pk", composite: ["runId"], casing: "none" },
      sk: { field: "sk", composite: ["region", "item"], casing: "none" },
    },
  },
});
