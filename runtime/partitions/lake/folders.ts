import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";

/** What to list a page of, at most 1,000 folders and objects. */
export interface FolderQuery {
  readonly prefix: string;
  /** `folders` folds all that lies below a folder into it; `objects` names every object. */
  readonly as: "folders" | "objects";
  readonly startAfter?: string | undefined;
  readonly token?: string | undefined;
}

/** A page in the order of S3, which is that of the UTF-8 bytes. Whole keys; folders end with `/`. */
export interface FolderPage {
  readonly folders: readonly string[];
  readonly objects: readonly string[];
  /** Whence to go on; absent on the last page. */
  readonly next?: string | undefined;
}

/** Lists a bucket. */
export type ListFolders = (query: FolderQuery) => Promise<FolderPage>;

/** A bucket over S3. */
export function openFolders(client: S3Client, bucket: string): ListFolders {
  return async ({ prefix, as, startAfter, token }) => {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        // Plain keys would be spoilt on the way: XML has no way to write every character that a key may hold.
        EncodingType: "url",
        StartAfter: token === undefined ? startAfter : undefined,
        ContinuationToken: token,
        ...(as === "folders" ? { Delimiter: "/" } : {}),
      }),
    );
    return {
      folders: (page.CommonPrefixes ?? []).map(({ Prefix = "" }) => decode(Prefix)),
      objects: (page.Contents ?? []).map(({ Key = "" }) => decode(Key)),
      next: page.IsTruncated === true ? page.NextContinuationToken : undefined,
    };
  };
}

/**
 * Two ways to list a bucket: what `sample` has listed, `list` need not ask for again. Each first page of folders is kept for one
 * use.
 */
export function withSamples(list: ListFolders): { readonly sample: ListFolders; readonly list: ListFolders } {
  const kept = new Map<string, Promise<FolderPage>>();
  return {
    sample: (query) => {
      const page = list(query);
      kept.set(query.prefix, page);
      return page;
    },
    list: (query) => {
      const { prefix, as, startAfter, token } = query;
      const isFirst = as === "folders" && startAfter === undefined && token === undefined;
      const page = isFirst ? kept.get(prefix) : undefined;
      if (page === undefined) return list(query);
      kept.delete(prefix);
      return page;
    },
  };
}

const decode = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));
