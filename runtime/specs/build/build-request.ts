import type { BuildRequest } from "../../contracts/specs";
import { parseKey, specKeyOf } from "../key";
import { problemOfSpec } from "../spec";

/**
 * Why a request isn't built, in words for the spec's author; undefined if it is. To be asked before any Python sees it. Whoever
 * requests has checked it too; here it is done again, because name and version get into a setup.py without being escaped, and a
 * `$ref` that leads out of the document would be opened.
 */
export function problemOfRequest({ packageName, version, spec }: BuildRequest): string | undefined {
  const key = parseKey(specKeyOf({ owner: "any", specId: packageName, version }));
  return key.kind === "wrong" ? key.reason : problemOfSpec(spec);
}
