import { UpstreamError, UserError } from "../../shared/errors";
import { asOurError } from "../../shared/upstream";

/**
 * What an error of Glue means for the caller: try again later; the partition exists already; the partition or table does not
 * exist; an entry of the call is invalid; or Glue refuses and the user must act.
 */
export type ErrorKind = "busy" | "exists" | "gone" | "invalid" | "refused";

/** Sources: Glue API reference, "Common error codes" and the errors of the partition calls. */
const KINDS: Readonly<Record<string, ErrorKind>> = {
  ThrottlingException: "busy",
  ThrottledException: "busy",
  TooManyRequestsException: "busy",
  RequestLimitExceeded: "busy",
  ConcurrentModificationException: "busy",
  OperationTimeoutException: "busy",
  InternalServiceException: "busy",
  InternalServerException: "busy",
  ServiceUnavailableException: "busy",
  ResourceNotReadyException: "busy",
  AlreadyExistsException: "exists",
  EntityNotFoundException: "gone",
  InvalidInputException: "invalid",
  ValidationException: "invalid",
};

/** An error as Glue reports it for an entry of a call, or as the SDK throws it for the whole call. */
export interface GlueError {
  /** Such as `ThrottlingException`. */
  readonly code: string;
  readonly message: string;
}

/** The error of one entry of a call. The partition's values identify the entry. */
export interface EntryError extends GlueError {
  readonly values: readonly string[];
}

/** The kind of an entry's error. */
export function kindOfCode(code: string): ErrorKind {
  return KINDS[code] ?? "refused";
}

/** The kind of an error that a call threw. */
export function kindOf(error: unknown): ErrorKind {
  const known = KINDS[error instanceof Error ? error.name : ""];
  if (known !== undefined) return known;
  return asOurError(error, "") instanceof UpstreamError ? "busy" : "refused";
}

/** Converts an error that a call threw. */
export function asGlueError(error: unknown): GlueError {
  if (!(error instanceof Error)) return { code: "Unknown", message: String(error) };
  return { code: error.name, message: error.message };
}

/** A Glue error on one line, and what to do about it. `catalogId` is empty for our own catalog. */
export function explain(error: GlueError, catalogId: string): string {
  const advice = adviceOn(error, catalogId);
  const text = `${error.code}: ${error.message}`;
  return advice === undefined ? text : `${text.replace(/[.!]?\s*$/, ".")} ${advice}`;
}

function adviceOn({ code, message }: GlueError, catalogId: string): string | undefined {
  if (/Lake ?Formation/i.test(message)) {
    return "Lake Formation protects this table. In Lake Formation, grant the function's role what the message names (DESCRIBE and ALTER on the table, DATA_LOCATION_ACCESS on its location).";
  }
  if (code === "GlueEncryptionException" || /\bkms\b/i.test(message)) {
    return "The Data Catalog or the bucket is encrypted. Allow the function's role to use that KMS key.";
  }
  // This is S3's code; Glue's is AccessDeniedException.
  if (code === "AccessDenied") {
    return (
      "Add the bucket to strata:partitionBuckets and deploy. If the bucket is in another account, its bucket policy must also allow " +
      "s3:ListBucket for the function's role."
    );
  }
  if (code === "AccessDeniedException") {
    return catalogId === ""
      ? "Allow this action for the function's role in the policies above it, or exclude the database with strata:partitionExcludedDatabases."
      : `The catalog belongs to account ${catalogId}: its Glue resource policy must allow this for the function's role.`;
  }
  if (code === "ResourceNumberLimitExceededException") {
    return "Delete partitions that are no longer used, or ask AWS for a higher quota of partitions.";
  }
  return kindOfCode(code) === "busy" ? "AWS was busy in all attempts. The next run tries again." : undefined;
}

/**
 * Runs a read of Glue or S3, so that its error says what to do. An error that a table does not exist, and an unknown error, are
 * thrown as they are.
 * @throws UserError when reading is refused, UpstreamError when AWS stays busy.
 */
export async function reading<T>(doing: string, catalogId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const kind = kindOf(error);
    if (error instanceof UserError || error instanceof UpstreamError || kind === "gone") throw error;
    const message = `${doing}: ${explain(asGlueError(error), catalogId)}`;
    if (kind === "busy") throw new UpstreamError(message, { cause: error });
    if (error instanceof Error && "$metadata" in error) throw new UserError(message, { cause: error });
    throw error;
  }
}
