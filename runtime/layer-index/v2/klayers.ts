import { parsePackageName } from "../../shared/requirement";
import { ARCHITECTURES, layerPackageOf, runtimeTag, type Runtime } from "../../contracts/target";
import type { LayerRow, TargetState } from "../../layers";

/** The answers of API v2, in the form that Klayers' clients read. */

/** One row of `layers/latest/{region}`. */
export interface LatestLayer {
  /** As in layer names: `psycopg__binary_pool`. */
  readonly package: string;
  readonly packageVersion: string;
  readonly arn: string;
}

/** One row of `layers/{region}/{package}`. */
interface PackageLayer {
  readonly arn: string;
  readonly packageVersion: string;
  readonly deployStatus: "latest" | "deprecated";
  /** `name==version` of every distribution in it. */
  readonly dependencies: readonly string[];
  /** Only for deprecated layers. UTC in the form of Klayers, `2027-01-31T12:00:00`. */
  readonly expiryDate?: string;
}

/** One row of `builds/latest`. */
interface LatestBuild {
  readonly package: string;
  readonly packageVersion: string;
  readonly dependencies: readonly string[];
  /** `2027-01-31T12:00:00`, UTC. */
  readonly createdDateTime: string;
}

export function latestLayer({ requirement, packageVersion, arn }: LayerRow): LatestLayer {
  return { package: packageNameOf(requirement), packageVersion, arn };
}

export function packageLayer({
  arn,
  packageVersion,
  status,
  dependencies,
  expiryDate,
}: LayerRow): PackageLayer {
  const expiry = expiryDate === undefined ? {} : { expiryDate: toSeconds(expiryDate) };
  return { arn, packageVersion, deployStatus: status, dependencies, ...expiry };
}

/** `undefined` for a target that was never built. */
export function latestBuild({ requirement, built }: TargetState): LatestBuild | undefined {
  if (built === undefined) return undefined;
  return {
    package: packageNameOf(requirement),
    packageVersion: built.version,
    dependencies: built.dependencies,
    createdDateTime: toSeconds(built.createdAt),
  };
}

/** Parses `p3.12` or `p3.12-arm64`; `undefined` for any other text. */
export function parseRuntimeTag(tag: string): Runtime | undefined {
  const [, python] = /^p(3\.\d{1,2})(?:-arm64)?$/.exec(tag) ?? [];
  if (python === undefined) return undefined;
  const architecture = ARCHITECTURES.find((candidate) => runtimeTag(python, candidate) === tag);
  return architecture === undefined ? undefined : { python, architecture };
}

function packageNameOf(requirement: string): string {
  const parsed = parsePackageName(requirement);
  return parsed.ok ? layerPackageOf(parsed.value) : requirement;
}

function toSeconds(time: string): string {
  return time.slice(0, 19);
}
