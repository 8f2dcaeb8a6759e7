import type { Answer, Answerer } from "./aws-proxy";
import { benchDays, regionsFor } from "./partition-lake";

/** Answers S3's listings for a lake that does not exist: putting so many objects would take too long. */
export function madeUpLake(partitions: number, now: Date): Answerer {
  const regions = regionsFor(partitions);
  const days = benchDays(now);
  return (call) => (call.name === "S3.List" ? listing(call.url, regions, days) : undefined);
}

/** S3's answer: the folders if the request has a delimiter, else the first page of all objects. */
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
