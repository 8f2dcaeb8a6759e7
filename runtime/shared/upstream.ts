import { UpstreamError, UserError } from "./errors";

/** The fields of SDK errors that we use. */
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
 * Turns an SDK error into an error of one of our families, so that a state machine knows whether to retry. An error that is
 * ours already, or that we don't know, is returned unchanged.
 *
 * @param doing what failed, at the start of the message: "publishing strata-p312-numpy".
 */
export function asOurError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError || error instanceof UpstreamError) return error;
  const { name, message, code = "", $metadata } = error as ServiceError;
  const status = $metadata?.httpStatusCode ?? 0;
  if (FORBIDDEN.test(name)) {
    const advice =
      "Check that the region is enabled for the account and that no policy of the organization forbids this.";
    return new UserError(`${doing}: ${name}: ${message} ${advice}`, { cause: error });
  }
  if (QUOTA.test(name)) {
    const advice = "Delete what is no longer used, or ask AWS for a higher quota.";
    return new UserError(`${doing}: ${name}: ${message} ${advice}`, { cause: error });
  }
  if (status === 429 || status >= 500 || BUSY.test(name) || UNREACHABLE.test(code)) {
    return new UpstreamError(`${doing}: ${name}: ${message}`, { cause: error });
  }
  return error;
}

/** Runs `work` and turns its errors into ours, as `asOurError` does. */
export async function upstream<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asOurError(error, doing);
  }
}
