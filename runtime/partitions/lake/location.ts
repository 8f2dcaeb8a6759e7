import { UserError } from "../../shared/errors";

/** Where the data of a table is. */
export interface Location {
  readonly bucket: string;
  /** What the keys start with: "" at the bucket's root, else it ends with `/`. Double slashes are part of the key. */
  readonly prefix: string;
  /** The location as the table has it, ending with `/`. */
  readonly text: string;
}

const LOCATION = /^s3[an]?:\/\/([^/]+)(?:\/(.*))?$/is;

/**
 * Parses a location such as `s3://bucket/raw/events/`. The last slash is optional, and the scheme may be `s3a` or `s3n`.
 * @throws UserError when the location is not in S3.
 */
export function parseLocation(location: string): Location {
  const [, bucket, path = ""] = LOCATION.exec(location.trim()) ?? [];
  if (bucket === undefined) {
    throw new UserError(
      `The location "${location}" is not in S3. Give the table one such as s3://bucket/folder/.`,
    );
  }
  const prefix = path === "" ? "" : withSlash(path);
  return { bucket, prefix, text: withSlash(location.trim()) };
}

/** Whether a location is in S3, so that it can be listed. */
export function isInS3(location: string | undefined): location is string {
  return location !== undefined && LOCATION.test(location.trim());
}

/** The location of a new partition: the table's location as the table has it, then the prefix as it is in S3. */
export function locationOf(table: Location, prefix: string): string {
  return table.text + prefix;
}

/** Whether two locations are the same place. The scheme's letter, double slashes and the last slash do not matter. */
export function isSameLocation(one: string, other: string): boolean {
  return one === other || normalize(one) === normalize(other);
}

function normalize(location: string): string {
  return location
    .trim()
    .replace(/^s3[an]?:\/\//i, "")
    .replace(/\/{2,}/g, "/")
    .replace(/\/$/, "");
}

function withSlash(text: string): string {
  return text.endsWith("/") ? text : `${text}/`;
}
