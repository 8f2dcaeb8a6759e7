import { z } from "zod";
import { variables } from "./environment";
import { defineEvent } from "./events";

/** Rows of packages as `python/requirement`, such as `3.13/psycopg[binary,pool]`. */
const rows = z.array(z.string()).readonly();

/** How one catalog differs from another. */
export const catalogChangesSchema = z.object({
  added: rows,
  /** Same package, but another version specifier or prune policy: its layers must be built again. */
  changed: rows,
  removed: rows,
});
export type CatalogChanges = z.infer<typeof catalogChangesSchema>;

/** Another catalog is active. The lists are cut to what an event can hold; `counts` count all entries. */
export const catalogChanged = defineEvent(
  "strata.catalog",
  "CatalogChanged",
  catalogChangesSchema.extend({
    version: z.number(),
    counts: z.object({ added: z.number(), changed: z.number(), removed: z.number() }),
  }),
);
export type CatalogChanged = z.infer<typeof catalogChanged.detail>;

/** One thing that is wrong in the catalog's files. `line` counts from 1. */
const catalogProblemSchema = z.object({ file: z.string(), line: z.number(), reason: z.string() });
export type CatalogProblem = Readonly<z.infer<typeof catalogProblemSchema>>;

/** A catalog was refused. If there are many problems, the event has the first ones; `problemCount` counts all. */
export const catalogRefused = defineEvent(
  "strata.catalog",
  "CatalogRefused",
  z.object({
    at: z.string(),
    source: z.string(),
    problems: z.array(catalogProblemSchema).readonly(),
    problemCount: z.number(),
  }),
);

const { TABLE_NAME, BUS_NAME, PYTHONS, REGIONS } = variables;

/** Environment of the function that loads the catalog. */
export const loadEnvironment = z.object({ TABLE_NAME, BUS_NAME, PYTHONS, REGIONS });
