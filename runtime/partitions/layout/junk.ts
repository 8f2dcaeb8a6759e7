import { NULL_VALUE } from "./keys";

/**
 * Why a folder is none of a table's, or undefined. Hive, Spark and Athena too look past names that start with `_` or
 * `.`; `_key=value` is data all the same.
 */
export function junkReason(folder: string): string | undefined {
  if (folder === "") return "a double slash";
  if (folder.endsWith("$folder$")) return "a folder marker";
  if (folder === NULL_VALUE || (folder.startsWith("_") && folder.includes("="))) return undefined;
  return /^[_.]/.test(folder) ? "a hidden folder" : undefined;
}

/** The folders of a prefix: `a/b/` is `["a", "b"]`. */
export function foldersOf(prefix: string): string[] {
  return (prefix.endsWith("/") ? prefix.slice(0, -1) : prefix).split("/");
}
