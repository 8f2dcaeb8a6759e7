import { targetFailure } from "../failure";

/**
 * Bytes that a function and all its layers may have together, unzipped: 250 MiB.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const UNZIPPED_LIMIT = 250 * 1024 * 1024;

/** How many distributions a message names. */
const MAX_NAMED = 10;

/** The size of one distribution in the layer. */
interface DistributionSize {
  readonly name: string;
  readonly bytes: number;
}

/** Adds up the files by the distribution that lists them. Files that no distribution lists count as `(others)`. */
export function distributionSizes(
  files: readonly { readonly path: string; readonly bytes: number }[],
  distributions: readonly { readonly name: string; readonly paths: readonly string[] }[],
): DistributionSize[] {
  const owners = new Map(
    distributions.flatMap(({ name, paths }) => paths.map((path) => [path, name] as const)),
  );
  const sums = new Map<string, number>();
  for (const { path, bytes } of files) {
    const owner = owners.get(path) ?? "(others)";
    sums.set(owner, (sums.get(owner) ?? 0) + bytes);
  }
  return [...sums]
    .map(([name, bytes]) => ({ name, bytes }))
    .sort((one, other) => other.bytes - one.bytes || (one.name < other.name ? -1 : 1));
}

/** @throws {TargetFailure} `size`, naming the ten largest distributions, when the layer would be too large for Lambda. */
export function checkSize(
  requirement: string,
  sizes: readonly DistributionSize[],
  limit: number = UNZIPPED_LIMIT,
): void {
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= limit) return;
  const largest = sizes.slice(0, MAX_NAMED).map(({ name, bytes }) => `${name} ${mebibytes(bytes)}`);
  throw targetFailure(
    "size",
    `${requirement} is ${mebibytes(total)} unzipped, and Lambda allows ${mebibytes(limit)}. ` +
      `Ask for fewer extras, or allow more pruning. Largest: ${largest.join(", ")}.`,
    largest.join("\n"),
  );
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
