/** Sizes of a call that Glue refuses and the emulator lets pass. */
import { type Answerer, jsonAnswer } from "./aws-proxy";

interface Limit {
  /** The list in the request. */
  readonly list: string;
  readonly most: number;
}

/** From the API reference of each action, under the parameter's length constraints. */
const LIMITS: Readonly<Record<string, Limit>> = {
  BatchCreatePartition: { list: "PartitionInputList", most: 100 },
  BatchUpdatePartition: { list: "Entries", most: 100 },
  BatchDeletePartition: { list: "PartitionsToDelete", most: 25 },
  BatchGetPartition: { list: "PartitionsToGet", most: 1000 },
};

/** Of GetPartitions, from the API reference of GetPartitions and Segment. */
const MOST_RESULTS = 1000;
const MOST_SEGMENTS = 10;

/** A request or answer of Glue, as it travels. */
export type GlueDocument = Readonly<Record<string, unknown>>;

/** Refuses what AWS refuses of Glue for its size. */
export const refuseAsGlue: Answerer = (call) => {
  const [service, action = ""] = call.name.split(".");
  if (service !== "Glue") return undefined;
  const message = refusedByGlue(action, JSON.parse(call.body.toString()) as GlueDocument);
  return message === undefined ? undefined : jsonAnswer({ __type: "ValidationException", message }, 400);
};

/** Why AWS refuses a request to Glue for its size, in AWS's words; undefined when it does not. */
export function refusedByGlue(action: string, request: GlueDocument): string | undefined {
  const limit = LIMITS[action];
  if (limit !== undefined) {
    const list = request[limit.list];
    const name = limit.list.charAt(0).toLowerCase() + limit.list.slice(1);
    return Array.isArray(list) && list.length > limit.most
      ? constraint(name, "have length", limit.most)
      : undefined;
  }
  if (action !== "GetPartitions") return undefined;
  const { MaxResults: results, Segment: segment } = request;
  if (typeof results === "number" && results > MOST_RESULTS) {
    return constraint("maxResults", "have value", MOST_RESULTS);
  }
  const segments = (segment as { readonly TotalSegments?: number } | undefined)?.TotalSegments ?? 1;
  return segments > MOST_SEGMENTS
    ? constraint("segment.totalSegments", "have value", MOST_SEGMENTS)
    : undefined;
}

function constraint(name: string, what: string, most: number): string {
  return `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must ${what} less than or equal to ${String(most)}`;
}
