import { SPEC_BYTES } from "../contracts/specs";
import { problemOfJson, type JsonLimits } from "./json-limits";

/** Generous for a document that people write, and little enough for what walks it: us, and Python, which recurses. */
const LIMITS: JsonLimits = { depth: 64, values: 200_000 };

type JsonObject = Readonly<Record<string, unknown>>;

/** Why a spec of that many bytes isn't even downloaded; undefined if it may be. */
export function problemOfSize(bytes: number): string | undefined {
  if (bytes <= SPEC_BYTES) return undefined;
  const [limit, size] = [SPEC_BYTES, bytes].map((number) => (number / 1024 / 1024).toFixed(1));
  return `The spec has ${size ?? ""} MB and may have ${limit ?? ""} MB. Split it, or leave out examples and descriptions.`;
}

/**
 * Why a spec isn't handed to the builder, in words for its author; undefined if it is. The text goes there as it is: written anew
 * by us it would lose the last digits of long numbers, and 1.0 would become 1.
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
  if (!isObject(schemas) || !mentions(schemas, "x-tablename")) {
    return "The spec has no models: give at least one schema under components.schemas the key x-tablename.";
  }
  const remote = remoteReference(document);
  if (remote === undefined) return undefined;
  return `The spec refers to "${remote.slice(0, 200)}". Put it into the spec: a $ref must start with #/.`;
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

/** Whether any object within has the key. */
function mentions(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return value.some((one) => mentions(one, key));
  if (!isObject(value)) return false;
  return Object.hasOwn(value, key) || Object.values(value).some((one) => mentions(one, key));
}

/** The first reference to something outside of the document. */
function remoteReference(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, one] of Object.entries(value)) {
    const found = key === "$ref" && typeof one === "string" ? outside(one) : remoteReference(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function outside(reference: string): string | undefined {
  return reference.startsWith("#/") ? undefined : reference;
}
