import { UserError } from "../../shared/errors";

/** Where a table's data lies. */
export interface Location {
  readonly bucket: string;
  /** What keys start with, exactly: "" at the bucket's root, else it ends with `/`. Double slashes are part of a key. */
  readonly prefix: string;
  /** The location as the table spells it, ending with `/`. */
  readonly text: string;
}

const LOCATION = /^s3[an]?:\/\/([^/]+)(?:\/(.*))?$/is;

/**
 * Reads a location such as `s3://bucket/raw/events/`, with or without the last slash, or with `s3a` or `s3n` before it.
 * @throws UserError when it is none of S3.
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

/** Whether a location is one that can be listed. */
export function isOnS3(location: string | undefined): location is string {
  return location !== undefined && LOCATION.test(location.trim());
}

/** The location of a new partition: the table's as it is spelled, then the prefix as it lies in S3. */
export function locationOf(base: Location, prefix: string): string {
  return base.text + prefix;
}

/** Whether two locations are the same place: the scheme's letter, doubled slashes and the last slash do not count. */
export function sameLocation(one: string, other: string): boolean {
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
