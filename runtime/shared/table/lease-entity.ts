import { createSchema, Entity } from "electrodb";
import type { Table } from "./open-table";

/** Who is at work on something at the moment: one item for each name that is held. */
const leaseSchema = createSchema({
  model: { entity: "lease", version: "1", service: "strata" },
  attributes: {
    name: { type: "string", required: true },
    owner: { type: "string", required: true },
    /** Another one after each take, so that who lost it by time can't give it back. */
    token: { type: "string", required: true },
    /** Milliseconds since 1970 after which anybody may take it. */
    until: { type: "number", required: true },
    /** Whether somebody else wanted it since it was taken, or since its holder last looked. */
    asked: { type: "boolean", required: true },
    expires: { type: "number", required: true },
  },
  indexes: {
    byName: {
      pk: { field: "pk", composite: ["name"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
});

/** The leases over the table. */
export const leaseEntity = (table: Table) => new Entity(leaseSchema, table);
