/** Rows that tell of runs are of no use after a year; the table's time to live removes them. Epoch seconds. */
export const expires = { type: "number", required: true } as const;
