import { UpstreamError, UserError } from "../../shared/errors";
import { asOurError } from "../../shared/upstream";

/**
 * What to do about an error of Glue's: try again, look whether it is there already, take it for gone, split the call to
 * find the entry that spoils it, or tell the user.
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

/** An error as Glue reports it for an entry of a call, or as the SDK throws it for all of them. */
export interface GlueError {
  /** Such as `ThrottlingException`. */
  readonly code: string;
  readonly message: string;
}

/** What kind of error that code of an entry stands for. */
export function kindOfCode(code: string): ErrorKind {
  return KINDS[code] ?? "refused";
}

/** What kind of error a call threw. */
export function kindOf(error: unknown): ErrorKind {
  const known = KINDS[error instanceof Error ? error.name : ""];
  if (known !== undefined) return known;
  return asOurError(error, "") instanceof UpstreamError ? "busy" : "refused";
}

/** The thrown error in the shape that entries' errors have. */
export function asGlueError(error: unknown): GlueError {
  if (!(error instanceof Error)) return { code: "Unknown", message: String(error) };
  return { code: error.name, message: error.message };
}

/** A Glue error on one line, and what to do about it. `catalogId` is empty for our own catalog. */
export function explain({ code, message }: GlueError, catalogId: string): string {
  const advice = adviceOn({ code, message }, catalogId);
  const told = `${code}: ${message}`;
  return advice === undefined ? told : `${told.replace(/[.!]?\s*$/, ".")} ${advice}`;
}

function adviceOn({ code, message }: GlueError, catalogId: string): string | undefined {
  if (/Lake ?Formation/i.test(message)) {
    return "Lake Formation guards this table: grant the function's role there what the message names (DESCRIBE and ALTER on the table, DATA_LOCATION_ACCESS on its location).";
  }
  if (code === "GlueEncryptionException" || /\bkms\b/i.test(message)) {
    return "The Data Catalog or the bucket is encrypted: allow the function's role to use that KMS key.";
  }
  // S3's own code; Glue says AccessDeniedException.
  if (code === "AccessDenied") {
    return (
      "Name the bucket in strata:partitionBuckets and deploy; where it is another account's, its bucket policy must allow the " +
      "function's role s3:ListBucket as well."
    );
  }
  if (code === "AccessDeniedException") {
    return catalogId === ""
      ? "Allow the function's role this in the policies above it, or leave the database out with strata:partitionExcludedDatabases."
      : `The catalog is account ${catalogId}'s: its Glue resource policy must allow this to the function's role.`;
  }
  if (code === "ResourceNumberLimitExceededException") {
    return "Delete what is no longer used or ask AWS for a higher quota of partitions.";
  }
  return kindOfCode(code) === "busy"
    ? "AWS stayed busy over all attempts; the next run takes it up again."
    : undefined;
}

/**
 * Runs a read of Glue or S3 so that its error says what to do. That a table is gone leaves as it is, and what we know nothing of.
 * @throws UserError when reading is refused, UpstreamError when AWS stays busy.
 */
export async function reading<T>(doing: string, catalogId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const kind = kindOf(error);
    if (error instanceof UserError || error instanceof UpstreamError || kind === "gone") throw error;
    const told = `${doing}: ${explain(asGlueError(error), catalogId)}`;
    if (kind === "busy") throw new UpstreamError(told, { cause: error });
    if (error instanceof Error && "$metadata" in error) throw new UserError(told, { cause: error });
    throw error;
  }
}
