import { type Answer, type Answerer, type Call, type Forward, jsonAnswer } from "./aws-proxy";
import { type GlueDocument, refusedByGlue } from "./glue-limits";
import { type GluePartition, pageOfPartitions } from "./glue-pages";

type Listing = { readonly partitions: readonly GluePartition[] } | { readonly failed: Answer };

/**
 * Makes the emulator's Glue answer as AWS does: it refuses calls that are too large, gives partitions in pages and segments,
 * and has BatchDeletePartition.
 */
export function glueAsAws(): Answerer {
  // A page costs the emulator as much as the whole, which it would not on AWS; so the whole is asked for once.
  const listings = new Map<string, Promise<Listing>>();
  return async (call, forward) => {
    if (!call.name.startsWith("Glue.")) return undefined;
    const action = call.name.slice("Glue.".length);
    const request = JSON.parse(call.body.toString()) as GlueDocument;
    const refusal = refusedByGlue(action, request);
    if (refusal !== undefined) return jsonAnswer({ __type: "ValidationException", message: refusal }, 400);
    const table = `${String(request["DatabaseName"])}/${String(request["TableName"])}`;
    if (action === "GetPartitions") {
      const asked = listings.get(table) ?? listPartitions(call, forward);
      listings.set(table, asked);
      const listing = await asked;
      return "failed" in listing ? listing.failed : jsonAnswer(pageOfPartitions(request, listing.partitions));
    }
    if (call.kind === "read") return undefined;
    const answer = await (action === "BatchDeletePartition"
      ? deleteEach(call, request, forward)
      : forward(call));
    listings.delete(table);
    return answer;
  };
}

async function listPartitions(call: Call, forward: Forward): Promise<Listing> {
  const answer = await forward(call);
  if (answer.status !== 200) return { failed: answer };
  const { Partitions } = JSON.parse(answer.body.toString()) as {
    readonly Partitions?: readonly GluePartition[];
  };
  return { partitions: Partitions ?? [] };
}

async function deleteEach(call: Call, request: GlueDocument, forward: Forward): Promise<Answer> {
  const { PartitionsToDelete: names, ...table } = request;
  for (const { Values } of names as readonly GluePartition[]) {
    const headers = { ...call.headers, "x-amz-target": "AWSGlue.DeletePartition" };
    const body = Buffer.from(JSON.stringify({ ...table, PartitionValues: Values }));
    await forward({ ...call, headers, body });
  }
  return jsonAnswer({ Errors: [] });
}
