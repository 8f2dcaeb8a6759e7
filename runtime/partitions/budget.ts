import type { Context } from "aws-lambda";

/** How long a run may still do what. */
export interface Budget {
  /** Whether listing must have ended by now, so that time is left for writing. */
  listingIsOver(): boolean;
  /** Whether no further call may be started. */
  isOver(): boolean;
}

/** Milliseconds kept for the calls under way and for the records, at most; of a short time a quarter. */
const RESERVE = 30_000;
/** The part of the time that listing may take. */
const LISTING_PART = 0.6;

/** Divides the time that is left; `remaining` tells it in milliseconds, as Lambda's context does. */
export function budgetOf(remaining: () => number): Budget {
  const total = remaining();
  const reserve = Math.min(RESERVE, total / 4);
  return {
    listingIsOver: () => remaining() < total * (1 - LISTING_PART),
    isOver: () => remaining() < reserve,
  };
}

/** The time that an invocation has; outside Lambda there is no end to it. */
export function budgetFor(context: Context | undefined): Budget {
  return budgetOf(() => context?.getRemainingTimeInMillis() ?? Infinity);
}
