/** What is built: one package, with extras, for one Python on one architecture. */

/** Architectures Lambda runs on, in Lambda's own spelling. */
export const ARCHITECTURES = ["x86_64", "arm64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Whether a text from outside names an architecture. */
export function isArchitecture(text: string): text is Architecture {
  return ARCHITECTURES.some((architecture) => architecture === text);
}

/** A Python minor version such as `3.13`. */
export type PythonVersion = string;

/** What is left out of a layer. Each is on by default. */
export interface PrunePolicy {
  /** Drop `tests` directories inside packages. */
  readonly tests: boolean;
  /** Drop distributions that the Lambda Python runtime already brings (boto3, botocore, ...). */
  readonly runtime: boolean;
}

/** One row of the catalog: a package with its extras and how to build it. Extras are part of its identity everywhere. */
export interface PackageSpec {
  /** PEP 503 normalised name, such as `psycopg`. */
  readonly name: string;
  /** Normalised, sorted, without duplicates. */
  readonly extras: readonly string[];
  /** PEP 440 specifier set such as `<2`, or empty for the latest. */
  readonly specifier: string;
  readonly prune: PrunePolicy;
  /** Modules such as `cv2` that the package imports without declaring them: other layers bring them. @default none */
  readonly needs?: readonly string[] | undefined;
}

/** A Python on an architecture: what a layer runs on. */
export interface Runtime {
  readonly python: PythonVersion;
  readonly architecture: Architecture;
}

/** One package × Python × architecture. */
export interface Target {
  readonly package: PackageSpec;
  readonly python: PythonVersion;
  readonly architecture: Architecture;
}

/** Normalises a project or extra name: lower case, runs of `-`, `_` and `.` become one `-` (PEP 503, PEP 685). */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** The package with extras as pip writes it: `psycopg[binary,pool]`. Identifies a package in the catalog and the table. */
export function requirementOf(spec: Pick<PackageSpec, "name" | "extras">): string {
  return spec.extras.length === 0 ? spec.name : `${spec.name}[${spec.extras.join(",")}]`;
}

/** The package as part of a layer's name and in the API: `psycopg__binary_pool`. */
export function layerPackageOf(spec: Pick<PackageSpec, "name" | "extras">): string {
  return spec.extras.length === 0 ? spec.name : `${spec.name}__${spec.extras.join("_")}`;
}

/** Identifies a target in logs and records: `3.13/arm64/psycopg[binary,pool]`. */
export function targetId(target: Target): string {
  return `${target.python}/${target.architecture}/${requirementOf(target.package)}`;
}

/** Python and architecture in the Klayers spelling, as in API paths and layer names: `p3.13`, `p3.13-arm64`. */
export function runtimeTag(python: PythonVersion, architecture: Architecture): string {
  return architecture === "x86_64" ? `p${python}` : `p${python}-arm64`;
}
