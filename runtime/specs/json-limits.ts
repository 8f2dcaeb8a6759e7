/** How deep and how many the values of a JSON text may be. */
export interface JsonLimits {
  /** Objects and arrays within each other. */
  readonly depth: number;
  /** Values in all. */
  readonly values: number;
}

/**
 * Why a JSON text is beyond the limits; undefined if it isn't, or is no JSON at all. It looks at the text alone, in one pass and in
 * no more memory than that, so that a text made to exhaust a parser doesn't meet one.
 */
export function problemOfJson(text: string, limits: JsonLimits): string | undefined {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
      continue;
    }
    if (character === '"') inString = true;
    else if (character === "," || character === ":") values++;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    if (depth > limits.depth)
      return `It nests more than ${String(limits.depth)} objects and lists in each other.`;
    if (values > limits.values) return `It has more than ${String(limits.values)} values.`;
  }
  return undefined;
}
