import { S3Client } from "@aws-sdk/client-s3";
import { answeredBy, type WireAnswer, type WireRequest } from "../fake-handler";

/** S3 buckets in memory that can be listed, and the listings that were requested. */
export class FakeBuckets {
  readonly listed: { prefix: string; delimiter: string; startAfter: string }[] = [];
  /** Keys and folders on a page; S3 has at most 1,000. */
  pageSize = 1000;
  /** The error code of a listing, if it should fail. */
  fault: (prefix: string) => string | undefined = () => undefined;
  private readonly keys = new Map<string, string[]>();

  put(bucket: string, ...keys: readonly string[]): void {
    this.keys.set(bucket, [...new Set([...(this.keys.get(bucket) ?? []), ...keys])].sort(byBytes));
  }

  remove(bucket: string, prefix: string): void {
    this.keys.set(
      bucket,
      (this.keys.get(bucket) ?? []).filter((key) => !key.startsWith(prefix)),
    );
  }

  client(): S3Client {
    return new S3Client({ ...answeredBy((request) => this.answer(request)), forcePathStyle: true });
  }

  private answer({ path, query }: WireRequest): WireAnswer {
    const {
      prefix = "",
      delimiter = "",
      "start-after": startAfter = "",
      "continuation-token": token,
    } = query;
    this.listed.push({ prefix, delimiter, startAfter });
    const code = this.fault(prefix);
    if (code !== undefined)
      return { status: 403, body: `<Error><Code>${code}</Code><Message>no</Message></Error>` };
    const after = token === undefined ? startAfter : Buffer.from(token, "base64url").toString("utf8");
    const rows = new Set<string>();
    for (const key of this.keys.get(path.split("/")[1] ?? "") ?? []) {
      if (!key.startsWith(prefix)) continue;
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      const row = end < 0 ? key : key.slice(0, end + 1);
      if (byBytes(row, after) > 0) rows.add(row);
    }
    const page = [...rows].slice(0, this.pageSize);
    const last = page.at(-1);
    const isTruncated = rows.size > this.pageSize && last !== undefined;
    const entries = page.map((row) =>
      delimiter !== "" && row.endsWith("/") && row !== prefix
        ? `<CommonPrefixes><Prefix>${encode(row)}</Prefix></CommonPrefixes>`
        : `<Contents><Key>${encode(row)}</Key></Contents>`,
    );
    const next = isTruncated
      ? `<NextContinuationToken>${Buffer.from(last).toString("base64url")}</NextContinuationToken>`
      : "";
    const body = `<ListBucketResult><IsTruncated>${String(isTruncated)}</IsTruncated>${next}${entries.join("")}</ListBucketResult>`;
    return { status: 200, body: body.replaceAll("%2F", "/") };
  }
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const encode = (text: string): string => encodeURIComponent(text).replaceAll("%20", "+");
