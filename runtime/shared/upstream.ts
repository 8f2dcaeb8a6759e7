import { UpstreamError, UserError } from "./errors";

/** What SDK errors carry, as far as we look at it. */
interface ServiceError extends Error {
  readonly $retryable?: object;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly code?: string;
}

const BUSY =
  /Throttl|TooManyRequests|RequestLimit|SlowDown|ServiceUnavailable|InternalError|ServiceException|Timeout|TransactionConflict|OperationAborted/i;
const UNREACHABLE = /^(ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE)/;
const FORBIDDEN = /AccessDenied|UnrecognizedClient|InvalidClientTokenId|OptInRequired|InvalidAccessKeyId/;
const QUOTA = /CodeStorageExceeded|LimitExceeded|ServiceQuotaExceeded/;

/**
 * Puts an SDK error into one of our families, so that a state machine knows whether to try again. An error that
 * is ours already, or that we know nothing of, comes back as it is.
 */
export function asOurError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError || error instanceof UpstreamError) return error;
  const { name, message, code = "", $metadata } = error as ServiceError;
  const status = $metadata?.httpStatusCode ?? 0;
  if (FORBIDDEN.test(name)) {
    const advice =
      "Check that the region is enabled for the account and that no policy above it forbids this.";
    return new UserError(`${doing}: ${name}: ${message} ${advice}`, { cause: error });
  }
  if (QUOTA.test(name)) {
    const advice = "Delete what is no longer used or ask AWS for a higher quota.";
    return new UserError(`${doing}: ${name}: ${message} ${advice}`, { cause: error });
  }
  if (status === 429 || status >= 500 || BUSY.test(name) || UNREACHABLE.test(code)) {
    return new UpstreamError(`${doing}: ${name}: ${message}`, { cause: error });
  }
  return error;
}

/** Runs `work`, putting its errors into our families. `doing` starts the message: "publishing strata-p312-numpy". */
export async function upstream<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asOurError(error, doing);
  }
}
