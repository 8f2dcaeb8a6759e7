/** The calls that Glue refuses because they are too large, and that the emulator accepts. */
import { type Answerer, jsonAnswer } from "./aws-proxy";

interface Limit {
  /** Name of the list in the request. */
  readonly list: string;
  /** How many entries it may have. */
  readonly max: number;
}

/** Source: the API reference of each action, under the parameter's length constraints. */
const LIMITS: Readonly<Record<string, Limit>> = {
  BatchCreatePartition: { list: "PartitionInputList", max: 100 },
  BatchUpdatePartition: { list: "Entries", max: 100 },
  BatchDeletePartition: { list: "PartitionsToDelete", max: 25 },
  BatchGetPartition: { list: "PartitionsToGet", max: 1000 },
};

/** Limits of GetPartitions. Source: the API reference of GetPartitions and Segment. */
const MAX_RESULTS = 1000;
const MAX_SEGMENTS = 10;

/** A request or an answer of Glue, as JSON. */
export type GlueDocument = Readonly<Record<string, unknown>>;

/** Answers as Glue would to a call that is too large. */
export const refuseAsGlue: Answerer = (call) => {
  const [service, action = ""] = call.name.split(".");
  if (service !== "Glue") return undefined;
  const message = glueRefusal(action, JSON.parse(call.body.toString()) as GlueDocument);
  return message === undefined ? undefined : jsonAnswer({ __type: "ValidationException", message }, 400);
};

/** Why AWS refuses a request to Glue as too large, in AWS's words; undefined if it does not. */
export function glueRefusal(action: string, request: GlueDocument): string | undefined {
  const limit = LIMITS[action];
  if (limit !== undefined) {
    const list = request[limit.list];
    const name = limit.list.charAt(0).toLowerCase() + limit.list.slice(1);
    return Array.isArray(list) && list.length > limit.max
      ? constraint(name, "have length", limit.max)
      : undefined;
  }
  if (action !== "GetPartitions") return undefined;
  const { MaxResults: results, Segment: segment } = request;
  if (typeof results === "number" && results > MAX_RESULTS) {
    return constraint("maxResults", "have value", MAX_RESULTS);
  }
  const segments = (segment as { readonly TotalSegments?: number } | undefined)?.TotalSegments ?? 1;
  return segments > MAX_SEGMENTS
    ? constraint("segment.totalSegments", "have value", MAX_SEGMENTS)
    : undefined;
}

function constraint(name: string, what: string, max: number): string {
  return `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must ${what} less than or equal to ${String(max)}`;
}
