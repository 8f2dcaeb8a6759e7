import type { Context } from "aws-lambda";

/** How long an invocation may still list and write. */
export interface Budget {
  /** Whether listing must stop, so that time is left for writing. */
  listingIsOver(): boolean;
  /** Whether no new call may start. */
  isOver(): boolean;
}

/** Milliseconds that are reserved for calls that have started and for the result. If the time is short, a quarter of it. */
const RESERVE = 30_000;
/** The share of the time that listing may take. */
const LISTING_SHARE = 0.6;

/** Divides the remaining time. `remaining` answers it in milliseconds, as Lambda's context does. */
export function budgetOf(remaining: () => number): Budget {
  const total = remaining();
  const reserve = Math.min(RESERVE, total / 4);
  return {
    listingIsOver: () => remaining() < total * (1 - LISTING_SHARE),
    isOver: () => remaining() < reserve,
  };
}

/** The time of an invocation. Outside Lambda it does not end. */
export function budgetFor(context: Context | undefined): Budget {
  return budgetOf(() => context?.getRemainingTimeInMillis() ?? Infinity);
}
