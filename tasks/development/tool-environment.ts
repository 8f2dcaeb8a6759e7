import type { Tools } from "../../local/tools/tools";

/** Where the builder finds its programs, in the variables that it also reads inside a Lambda. */
export function toolEnvironment({ uv, pythons }: Pick<Tools, "uv" | "pythons">): Record<string, string> {
  return { STRATA_UV: uv, STRATA_PYTHONS: JSON.stringify(pythons) };
}
