/**
 * Memory of the function that syncs a table. It works through 100,000 partitions in 256 MB (`./strata bench partitions`); the rest
 * buys processor for the calls it makes side by side.
 */
export const SYNC_MEMORY_MEGABYTES = 1024;

/**
 * How its Node uses that memory. Left alone, Lambda gives a twentieth to each half of the young generation, which is then filled
 * with pages that are done with before anything is freed; the old generation may grow as it would.
 */
export const SYNC_NODE_OPTIONS = "--max-semi-space-size=12 --max-old-space-size=900";
