import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { BugError } from "../shared/errors";
import { hasObject } from "../shared/has-object";
import { upstream } from "../shared/upstream";

/** Seconds that a signed URL is valid: longer than a tool function may run (15 minutes), shorter than a role's session. */
const URL_SECONDS = 1800;

/** What an object really holds. */
export interface Measured {
  /** Of the stored bytes, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Changes with the bytes; a copy may insist on it. */
  readonly etag: string;
}

/** The artifacts bucket of one region. */
export interface ArtifactStore {
  readonly bucket: string;
  exists(key: string): Promise<boolean>;
  readJson(key: string): Promise<unknown>;
  writeJson(key: string, value: unknown): Promise<void>;
  list(prefix: string): Promise<readonly string[]>;
  /** Reads the whole object to hash it; undefined if there is no object. */
  measure(key: string): Promise<Measured | undefined>;
  /** Copies into this bucket; with `etag`, only if the source still holds the bytes that were measured. */
  copy(
    from: { readonly bucket: string; readonly key: string; readonly etag?: string },
    to: string,
  ): Promise<void>;
  remove(key: string): Promise<void>;
  signGet(key: string): Promise<string>;
  signPut(key: string): Promise<string>;
}

/** The bucket over S3; `client` must be of the bucket's region. */
export function openArtifactStore(client: S3Client, bucket: string): ArtifactStore {
  const at = (key: string) => ({ Bucket: bucket, Key: key });
  const read = async (key: string): Promise<{ body: Readable; etag: string }> => {
    const { Body, ETag } = await client.send(new GetObjectCommand(at(key)));
    if (!(Body instanceof Readable)) throw new BugError(`s3://${bucket}/${key} has no body.`);
    return { body: Body, etag: ETag ?? "" };
  };
  const guarded = <T>(doing: string, key: string, work: () => Promise<T>): Promise<T> =>
    upstream(`${doing} s3://${bucket}/${key}`, work);
  return {
    bucket,
    // By listing, since S3 answers "forbidden" to a HEAD of a missing object where listing is granted by prefix only.
    exists: (key) => guarded("looking for", key, () => hasObject(client, bucket, key)),
    readJson: (key) =>
      guarded("reading", key, async () => {
        const { body } = await read(key);
        return JSON.parse(Buffer.concat(await body.toArray()).toString("utf8")) as unknown;
      }),
    writeJson: (key, value) =>
      guarded("writing", key, async () => {
        const Body = JSON.stringify(value);
        await client.send(new PutObjectCommand({ ...at(key), Body, ContentType: "application/json" }));
      }),
    list: (prefix) =>
      guarded("listing", prefix, async () => {
        const found: string[] = [];
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
          found.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
        }
        return found;
      }),
    measure: (key) =>
      guarded("hashing", key, async () => {
        if (!(await hasObject(client, bucket, key))) return undefined;
        const found = await read(key);
        const hash = createHash("sha256");
        let bytes = 0;
        for await (const chunk of found.body as AsyncIterable<Buffer>) {
          hash.update(chunk);
          bytes += chunk.length;
        }
        return { sha256: hash.digest("hex"), bytes, etag: found.etag };
      }),
    copy: (from, to) =>
      guarded("copying to", to, async () => {
        const CopySource = `${from.bucket}/${from.key.split("/").map(encodeURIComponent).join("/")}`;
        const guard = from.etag === undefined ? {} : { CopySourceIfMatch: from.etag };
        await client.send(new CopyObjectCommand({ ...at(to), CopySource, ...guard }));
      }),
    remove: (key) =>
      guarded("removing", key, async () => {
        await client.send(new DeleteObjectCommand(at(key)));
      }),
    signGet: (key) => getSignedUrl(client, new GetObjectCommand(at(key)), { expiresIn: URL_SECONDS }),
    signPut: (key) => getSignedUrl(client, new PutObjectCommand(at(key)), { expiresIn: URL_SECONDS }),
  };
}
