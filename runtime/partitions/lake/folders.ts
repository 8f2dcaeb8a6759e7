import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { foldersOf, junkReason } from "../layout/path-text";
import type { Location } from "./location";

/** Which page to list: at most 1,000 folders and objects. */
export interface FolderQuery {
  readonly prefix: string;
  /** `folders` lists only what is directly below the prefix; `objects` lists every object below it. */
  readonly as: "folders" | "objects";
  readonly startAfter?: string | undefined;
  readonly token?: string | undefined;
}

/** A page in the order of S3, which is the order of the UTF-8 bytes. Keys are whole; folders end with `/`. */
export interface FolderPage {
  readonly folders: readonly string[];
  readonly objects: readonly string[];
  /** The token of the next page; undefined on the last page. */
  readonly next?: string | undefined;
}

/** Lists a page of a bucket. */
export type ListFolders = (query: FolderQuery) => Promise<FolderPage>;

/** Lists a bucket in S3. */
export function openFolders(client: S3Client, bucket: string): ListFolders {
  return async ({ prefix, as, startAfter, token }) => {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        // A key may contain characters that XML cannot express.
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

const decode = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));

/**
 * Two ways to list a bucket that share their pages: `list` uses the first pages that `sample` has listed, each once, instead of
 * asking S3 again.
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

/** How deep below a table's location the sampling goes. */
const SAMPLE_LEVELS = 12;
/** How many folders of a level are looked into. */
const SAMPLES_PER_LEVEL = 6;

/**
 * Looks into a few folders below a table's location, level by level, one page each. It answers the deepest folders that it saw,
 * relative to the location. If folders are named `key=value`, it goes only as deep as the number of `keys`.
 */
export async function sampleFolders(
  list: ListFolders,
  location: Location,
  keys: number,
): Promise<readonly string[]> {
  let deepest: readonly string[] = [];
  let next: readonly string[] = [""];
  for (let level = 0; level < SAMPLE_LEVELS && next.length > 0; level++) {
    const pages = await Promise.all(
      next.map((prefix) => list({ prefix: location.prefix + prefix, as: "folders" })),
    );
    const folders = pages.flatMap((page) => page.folders.map((key) => key.slice(location.prefix.length)));
    if (folders.length > 0) deepest = folders;
    next = pickSamples(folders).filter((folder) => folder.split("=").length <= keys);
  }
  return deepest;
}

/** Picks some of a level's folders: the first, the last and some evenly between, without junk. */
export function pickSamples(prefixes: readonly string[], count = SAMPLES_PER_LEVEL): readonly string[] {
  const withoutJunk = prefixes.filter((prefix) => junkReason(foldersOf(prefix).at(-1) ?? "") === undefined);
  if (withoutJunk.length <= count) return withoutJunk;
  const picked = Array.from(
    { length: count },
    (_, index) => withoutJunk[Math.round((index * (withoutJunk.length - 1)) / Math.max(count - 1, 1))],
  );
  return picked.filter((prefix) => prefix !== undefined);
}
