import { runtimeTag, type Architecture, type PythonVersion, type Runtime } from "../contracts/target";

/** What the stage builds for and publishes to. */
export interface LayerIndexScope {
  readonly pythons: readonly PythonVersion[];
  readonly architectures: readonly Architecture[];
  readonly regions: readonly string[];
}

/** Nothing is found. The message says what to ask for instead. The app answers 404 with a JSON body. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
}

/** Every Python on every architecture, as in API paths: `p3.13`, `p3.13-arm64`. */
export function runtimeTagsOf({ pythons, architectures }: LayerIndexScope): string[] {
  return pythons.flatMap((python) => architectures.map((architecture) => runtimeTag(python, architecture)));
}

/**
 * Checks a question that nothing was found for: an empty list is the answer only for a runtime and a region of the stage.
 * @throws NotFoundError when the stage doesn't build for this runtime or doesn't publish to this region.
 */
export function requireInScope(scope: LayerIndexScope, runtime: Runtime, region?: string): void {
  const { pythons, architectures, regions } = scope;
  if (!pythons.includes(runtime.python) || !architectures.includes(runtime.architecture)) {
    const asked = runtimeTag(runtime.python, runtime.architecture);
    const tags = runtimeTagsOf(scope).join(", ");
    throw new NotFoundError(`There are no layers for ${asked}. There are layers for ${tags}.`);
  }
  if (region !== undefined && !regions.includes(region)) {
    throw new NotFoundError(`There are no layers in ${region}. There are layers in ${regions.join(", ")}.`);
  }
}
