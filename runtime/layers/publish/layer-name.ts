import {
  layerPackageOf,
  type Architecture,
  type PackageSpec,
  type PythonVersion,
} from "../../contracts/target";

/**
 * A layer's name: `strata-p312-numpy` for x86_64 and for both architectures, `strata-p312-arm64-numpy` for arm64 alone.
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

/** How a layer version's description starts, so that a version that was published and not recorded is found again. */
export function artifactMark(sha256: string): string {
  return `strata sha256:${sha256}`;
}
