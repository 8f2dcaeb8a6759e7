import { MAX_SPEC_BYTES } from "../contracts/specs";

/** How deep and how many the values of a JSON text may be. */
interface JsonLimits {
  /** Objects and arrays within each other. */
  readonly depth: number;
  /** Values in all. */
  readonly values: number;
}

/** Generous for a document that people write, and small enough for the code that walks it: ours, and Python's, which recurses. */
const LIMITS: JsonLimits = { depth: 64, values: 200_000 };

type JsonObject = Readonly<Record<string, unknown>>;

/** Why a spec of that many bytes isn't even downloaded; undefined if it may be. */
export function problemOfSize(bytes: number): string | undefined {
  if (bytes <= MAX_SPEC_BYTES) return undefined;
  const [limit, size] = [MAX_SPEC_BYTES, bytes].map((number) => (number / 1024 / 1024).toFixed(1));
  return `The spec has ${size ?? ""} MB and may have ${limit ?? ""} MB. Split it, or leave out examples and descriptions.`;
}

/**
 * Why a spec isn't given to the builder, in words for its author; undefined if it is. The builder gets the text as it is: if we wrote
 * it again, long numbers would lose their last digits, and 1.0 would become 1.
 */
export function problemOfSpec(text: string): string | undefined {
  const problem = problemOfJson(text, LIMITS);
  if (problem !== undefined) return `${problem} Write a simpler spec.`;
  const document = parseObject(text);
  if (document === undefined) return "The spec isn't a JSON object. Write an OpenAPI 3 document as JSON.";
  const openapi = document["openapi"];
  if (typeof openapi !== "string" || !/^3\.\d/.test(openapi)) {
    return 'The spec isn\'t an OpenAPI 3 document: it must have a key "openapi" such as "3.0.3".';
  }
  const { info = {}, components } = document;
  if (!isObject(info)) return 'The spec\'s "info" must be an object.';
  const schemas = isObject(components) ? components["schemas"] : undefined;
  if (!isObject(schemas) || !hasKey(schemas, "x-tablename")) {
    return "The spec has no models: give at least one schema under components.schemas the key x-tablename.";
  }
  const remote = remoteReference(document);
  if (remote === undefined) return undefined;
  return `The spec refers to "${remote.slice(0, 200)}". Put it into the spec: a $ref must start with #/.`;
}

/**
 * Why a JSON text exceeds the limits; undefined if it doesn't, or isn't JSON at all. It looks only at the text, in one pass and
 * without more memory, so that a text that was made to exhaust a parser never reaches one.
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

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the object, or any object within it, has the key. */
function hasKey(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return value.some((one) => hasKey(one, key));
  if (!isObject(value)) return false;
  return Object.hasOwn(value, key) || Object.values(value).some((one) => hasKey(one, key));
}

/** The first reference to something outside of the document. */
function remoteReference(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, one] of Object.entries(value)) {
    const isReference = key === "$ref" && typeof one === "string";
    if (isReference && !one.startsWith("#/")) return one;
    const found = isReference ? undefined : remoteReference(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
