import { z } from "zod";
import { variables } from "./environment";
import { defineEvent } from "./events";

/** Names of rows, `python/requirement`, such as `3.13/psycopg[binary,pool]`. */
const rows = z.array(z.string()).readonly();

/** How one catalog differs from another. */
export const catalogChangesSchema = z.object({
  added: rows,
  /** Same package, but another version specifier or prune policy: its layers must be built again. */
  changed: rows,
  removed: rows,
});
export type CatalogChanges = z.infer<typeof catalogChangesSchema>;

/** Tells that another catalog is active. The lists are cut to what an event can hold; `counts` count all entries. */
export const catalogChanged = defineEvent(
  "strata.catalog",
  "CatalogChanged",
  catalogChangesSchema.extend({
    version: z.number(),
    counts: z.object({ added: z.number(), changed: z.number(), removed: z.number() }),
  }),
);
export type CatalogChanged = z.infer<typeof catalogChanged.detail>;

/** Tells that a catalog was refused, and why; of many problems only the first ones. */
export const catalogRefused = defineEvent(
  "strata.catalog",
  "CatalogRefused",
  z.object({
    at: z.string(),
    source: z.string(),
    problems: z.array(z.object({ file: z.string(), line: z.number(), reason: z.string() })).readonly(),
    problemCount: z.number(),
  }),
);

const { TABLE_NAME, BUS_NAME, PYTHONS, REGIONS } = variables;

/** What the function that loads the catalog reads from its environment. */
export const loadEnvironment = z.object({ TABLE_NAME, BUS_NAME, PYTHONS, REGIONS });
