/** How long the partition manager's functions may run, and how much memory they have. */

/** Lambda allows 15 minutes at most. */
export const SYNC_SECONDS = 900;
/**
 * Memory of the functions that list a whole table. Syncing 100,000 partitions needs 256 MB (`./strata bench partitions`). With more
 * memory comes more processor, for the calls that they make at the same time.
 */
export const SYNC_MEGABYTES = 1024;
/**
 * How Node uses that memory. By default, Node would give a twentieth to each half of the young generation, and fill it with pages
 * that are no longer needed before it frees any. The old generation may grow as far as it would by default.
 */
export const SYNC_NODE_OPTIONS = "--max-semi-space-size=12 --max-old-space-size=900";

/** Advice looks at every partition of a table, and somebody waits for it. */
export const ADVISE_SECONDS = 300;

export const SURVEY_SECONDS = 300;
export const SURVEY_MEGABYTES = 512;
export const SUMMARIZE_SECONDS = 300;

export const OBJECT_EVENTS_SECONDS = 60;
export const OBJECT_EVENTS_MEGABYTES = 512;
