import type { BuildRequest } from "./contract";
import { parseKey, specKeyOf } from "./key";
import { prepareSpec } from "./spec";

/** The spec's text as it is built, or why it isn't, in words for its author. */
export type CheckedRequest =
  { readonly ok: true; readonly spec: string } | { readonly ok: false; readonly reason: string };

/**
 * Checks a request before any Python sees it. Whoever asks has done so too; here it is done again, because name and version get
 * into a setup.py without being escaped, and a `$ref` that leads out of the document would be opened.
 */
export function checkRequest({ packageName, version, spec }: BuildRequest): CheckedRequest {
  const key = parseKey(specKeyOf({ sub: "any", specId: packageName, version }));
  if (key.kind === "wrong") return { ok: false, reason: key.reason };
  const prepared = prepareSpec(spec, version);
  return prepared.ok ? { ok: true, spec: prepared.value } : { ok: false, reason: prepared.reason };
}
