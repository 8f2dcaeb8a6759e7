import type { Answer, Answerer } from "./aws-proxy";
import { jsonAnswer } from "./aws-proxy";
import type { GlueDocument } from "./glue-limits";
import { type GluePartition, pageOfPartitions } from "./glue-pages";
import { LOCATION, benchDays, regionsFor } from "./partition-lake";

/**
 * Answers for a lake with more partitions than the emulator takes in reasonable time (its creates are quadratic): listings
 * are made up, creates succeed, and nothing is kept but their number. The table itself comes from the emulator.
 */
export function madeUpLake(partitions: number, now: Date): Answerer {
  const regions = regionsFor(partitions);
  const days = benchDays(now);
  let created = 0;
  let all: readonly GluePartition[] | undefined;
  const everything = () =>
    regions.flatMap((region) =>
      days.map((day) => ({
        Values: [region, day],
        StorageDescriptor: { Location: `${LOCATION}region=${region}/day=${day}/` },
      })),
    );
  return async (call) => {
    await Promise.resolve();
    if (call.name === "S3.List") return listing(call.url, regions, days);
    const request = call.name.startsWith("Glue.") ? (JSON.parse(call.body.toString()) as GlueDocument) : {};
    if (call.name === "Glue.BatchCreatePartition") {
      created += (request["PartitionInputList"] as readonly unknown[]).length;
      return jsonAnswer({ Errors: [] });
    }
    if (call.name !== "Glue.GetPartitions") return undefined;
    if (created === partitions) all ??= everything();
    return jsonAnswer(pageOfPartitions(request, all ?? []));
  };
}

/** S3's answer: folders where a delimiter is given, else the first page of all objects. */
function listing(url: string, regions: readonly string[], days: readonly string[]): Answer {
  const query = new URL(url, "http://lake").searchParams;
  const prefix = query.get("prefix") ?? "";
  const after = query.get("start-after") ?? "";
  const ofRegion = days.map((day) => `day=${day}/`);
  if (!query.has("delimiter")) {
    const inside = prefix.includes("region=") ? "" : `region=${regions[0] ?? ""}/`;
    const keys = ofRegion.map(
      (folder) => `<Contents><Key>${prefix}${inside}${folder}part-0</Key></Contents>`,
    );
    return xmlAnswer(
      `<IsTruncated>true</IsTruncated><NextContinuationToken>1</NextContinuationToken>${keys.join("")}`,
    );
  }
  const folders = prefix.includes("region=") ? ofRegion : regions.map((region) => `region=${region}/`);
  const prefixes = folders
    .map((folder) => prefix + folder)
    .filter((folder) => folder > after)
    .map((folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`);
  return xmlAnswer(`<IsTruncated>false</IsTruncated>${prefixes.join("")}`);
}

function xmlAnswer(inner: string): Answer {
  const body = Buffer.from(`<?xml version="1.0"?><ListBucketResult>${inner}</ListBucketResult>`);
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}
