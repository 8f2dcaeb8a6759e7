import {
  layerPackageOf,
  type Architecture,
  type PackageSpec,
  type PythonVersion,
} from "../../contracts/target";

/**
 * A layer's name: `strata-p312-numpy`; bytes that are for arm64 only go by `strata-p312-arm64-numpy`. A layer that
 * serves both architectures has the first form.
 */
export function layerNameOf(
  prefix: string,
  python: PythonVersion,
  architectures: readonly Architecture[],
  spec: Pick<PackageSpec, "name" | "extras">,
): string {
  const tag = `p${python.replace(".", "")}`;
  const armOnly = architectures.every((architecture) => architecture === "arm64");
  return [prefix, tag, ...(armOnly ? ["arm64"] : []), layerPackageOf(spec)].join("-");
}

/** A layer version's description starts with this; it finds a version again that was published and not recorded. */
export function artifactMark(sha256: string): string {
  return `strata sha256:${sha256}`;
}
