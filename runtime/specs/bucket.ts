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
  /** Another one whenever the bytes are others. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/** The bucket of specs and packages. What S3 refuses is never a spec's fault: UpstreamError or BugError. */
export interface PackageBucket {
  readonly name: string;
  /** All objects under a prefix; S3 lists what was written just before, too. */
  list(prefix: string): Promise<readonly StoredObject[]>;
  /** The text of an object, unless it is gone or another one by now. */
  read(key: string, etag: string): Promise<string | undefined>;
  put(object: NewObject): Promise<void>;
  /** Removes objects; that there are none is no error. */
  remove(keys: readonly string[]): Promise<void>;
  /** An address of the object that is good for five minutes, for requests of that method. */
  sign(key: string, method: "GET" | "HEAD"): Promise<string>;
}

export interface NewObject {
  readonly key: string;
  readonly body: string | Buffer;
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Long enough to follow a redirect, and short enough for an address that needs no password. */
const SIGNED_SECONDS = 300;

/** The bucket over S3. */
export function openPackageBucket(client: S3Client, name: string): PackageBucket {
  const at = (key: string) => ({ Bucket: name, Key: key });
  const guarded = <T>(doing: string, key: string, work: () => Promise<T>): Promise<T> =>
    ownFault(`${doing} s3://${name}/${key}`, work);
  return {
    name,
    list: (prefix) =>
      guarded("listing", prefix, async () => {
        const found: StoredObject[] = [];
        for await (const { Contents = [] } of paginateListObjectsV2(
          { client },
          { Bucket: name, Prefix: prefix },
        )) {
          for (const {
            Key: key,
            ETag: etag,
            Size: size = 0,
            LastModified: modifiedAt = new Date(0),
          } of Contents) {
            if (key !== undefined && etag !== undefined) found.push({ key, etag, size, modifiedAt });
          }
        }
        return found;
      }),
    read: (key, etag) =>
      guarded("reading", key, async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand({ ...at(key), IfMatch: etag }));
          return await Body?.transformToString();
        } catch (error) {
          if (isGone(error)) return undefined;
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

function isGone(error: unknown): boolean {
  return error instanceof NoSuchKey || (error instanceof Error && error.name === "PreconditionFailed");
}

/** The bucket is ours: that it is gone or closed to us is nothing that the author of a spec could mend. */
async function ownFault<T>(doing: string, work: () => Promise<T>): Promise<T> {
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
