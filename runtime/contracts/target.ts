import { z } from "zod";

/** What is built: one package, with extras, for one Python on one architecture. */

/** Architectures Lambda runs on, in Lambda's own spelling. */
export const ARCHITECTURES = ["x86_64", "arm64"] as const;
export const architectureSchema = z.enum(ARCHITECTURES);
export type Architecture = z.infer<typeof architectureSchema>;

/** Whether a text from outside names an architecture. */
export function isArchitecture(text: string): text is Architecture {
  return ARCHITECTURES.some((architecture) => architecture === text);
}

/** A Python minor version such as `3.13`. */
export const pythonVersionSchema = z.string().regex(/^3\.\d{1,2}$/, "must be a Python version such as 3.13");
export type PythonVersion = z.infer<typeof pythonVersionSchema>;

const normalizedName = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be a PEP 503 normalised name");

/** One package as the catalog or a user asks for it. Extras are part of its identity everywhere. */
export const packageSpecSchema = z.object({
  /** PEP 503 normalised name, such as `psycopg`. */
  name: normalizedName,
  /** Normalised, sorted, without duplicates. */
  extras: z.array(normalizedName).readonly(),
  /** PEP 440 specifier set such as `<2`, or empty for the latest. It becomes part of a line of a requirements file. */
  specifier: z.string().regex(/^[0-9A-Za-z._*+!<>=~, -]*$/, "must be a PEP 440 specifier set such as >=1,<2"),
  /** What is left out of a layer. Each is on by default. */
  prune: z.object({
    /** Drop `tests` directories inside packages. */
    tests: z.boolean(),
    /** Drop distributions that the Lambda Python runtime already brings (boto3, botocore, ...). */
    runtime: z.boolean(),
  }),
  /** Modules such as `cv2` that the package imports without declaring them: other layers bring them. @default none */
  needs: z.array(z.string()).readonly().optional(),
  /** As the catalog has it; it becomes the layer version's license field. @default none */
  license: z.string().optional(),
});
export type PackageSpec = z.infer<typeof packageSpecSchema>;
export type PrunePolicy = PackageSpec["prune"];

/** A Python on an architecture: what a layer runs on. */
export interface Runtime {
  readonly python: PythonVersion;
  readonly architecture: Architecture;
}

/** One package × Python × architecture. */
export interface Target extends Runtime {
  readonly package: PackageSpec;
}

/** A target as the table and a run's records name it. */
export interface TargetKey extends Runtime {
  /** The package with extras, `psycopg[binary,pool]`. */
  readonly requirement: string;
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

/** Python and architecture in the Klayers spelling, as in API paths and layer names: `p3.13`, `p3.13-arm64`. */
export function runtimeTag(python: PythonVersion, architecture: Architecture): string {
  return architecture === "x86_64" ? `p${python}` : `p${python}-arm64`;
}
