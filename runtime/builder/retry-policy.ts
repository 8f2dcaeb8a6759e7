/** How often something outside is asked again. */
export interface RetryPolicy {
  /** Further attempts after the first. */
  readonly retries: number;
  /** Wait before the first retry in milliseconds; it doubles each time. */
  readonly minTimeout: number;
}

/** Rides out about seven seconds. */
export const DEFAULT_RETRIES: RetryPolicy = { retries: 4, minTimeout: 500 };
