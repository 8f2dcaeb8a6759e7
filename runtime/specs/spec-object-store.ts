import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { BugError, UpstreamError } from "../shared/errors";
import { asOurError } from "../shared/upstream";

/** An object as a listing shows it. */
export interface StoredObject {
  readonly key: string;
  /** Changes whenever the bytes change. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/** The bucket of specs, with their packages. An error of S3 is never the fault of a spec: it is an UpstreamError or a BugError. */
export interface SpecObjectStore {
  readonly bucket: string;
  /** All objects under a prefix. S3 also lists objects that were written a moment ago. */
  list(prefix: string): Promise<readonly StoredObject[]>;
  /** The text of an object; undefined if it has changed or is gone. */
  read(key: string, etag: string): Promise<string | undefined>;
  put(object: NewObject): Promise<void>;
  /** Removes objects. An object that doesn't exist is no error. */
  remove(keys: readonly string[]): Promise<void>;
  /** An address of the object that is valid for five minutes, for requests of that method. */
  sign(key: string, method: "GET" | "HEAD"): Promise<string>;
}

export interface NewObject {
  readonly key: string;
  readonly body: string | Buffer;
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Long enough to follow a redirect, and short because the address needs no password. */
const SIGNED_SECONDS = 300;

/** The store over S3. */
export function openSpecObjectStore(client: S3Client, bucket: string): SpecObjectStore {
  const at = (key: string) => ({ Bucket: bucket, Key: key });
  const guarded = <T>(doing: string, key: string, work: () => Promise<T>): Promise<T> =>
    neverTheSpecsFault(`${doing} s3://${bucket}/${key}`, work);
  return {
    bucket,
    list: (prefix) => guarded("listing", prefix, () => listAll(client, { Bucket: bucket, Prefix: prefix })),
    read: (key, etag) =>
      guarded("reading", key, async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand({ ...at(key), IfMatch: etag }));
          return await Body?.transformToString();
        } catch (error) {
          if (isGoneOrChanged(error)) return undefined;
          throw error;
        }
      }),
    put: ({ key, body, contentType, metadata = {} }) =>
      guarded("writing", key, async () => {
        const about = { ContentType: contentType, Metadata: { ...metadata } };
        await client.send(new PutObjectCommand({ ...at(key), Body: body, ...about }));
      }),
    remove: async (keys) => {
      for (const key of keys) {
        await guarded("removing", key, () => client.send(new DeleteObjectCommand(at(key))));
      }
    },
    sign: (key, method) => {
      const command = method === "HEAD" ? new HeadObjectCommand(at(key)) : new GetObjectCommand(at(key));
      return getSignedUrl(client, command, { expiresIn: SIGNED_SECONDS });
    },
  };
}

async function listAll(
  client: S3Client,
  request: { readonly Bucket: string; readonly Prefix: string },
): Promise<readonly StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, request)) {
    for (const { Key: key, ETag: etag, Size: size = 0, LastModified: modifiedAt = new Date(0) } of Contents) {
      if (key !== undefined && etag !== undefined) found.push({ key, etag, size, modifiedAt });
    }
  }
  return found;
}

function isGoneOrChanged(error: unknown): boolean {
  return error instanceof NoSuchKey || (error instanceof Error && error.name === "PreconditionFailed");
}

/** The bucket is ours. If it is gone, or refuses us, no author of a spec can repair that. */
async function neverTheSpecsFault<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = asOurError(error, doing);
    if (known instanceof UpstreamError) throw known;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const advice = "Deploy again, and check that nothing but the program changes the bucket and its policy.";
    throw new BugError(`${doing}: ${reason} ${advice}`, { cause: error });
  }
}
