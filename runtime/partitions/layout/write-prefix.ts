import type { Folder } from "./template";

/** Puts a text for each key into a template's folders: `year=2026/month=11/`. */
export function writePrefix(
  folders: readonly Folder[],
  texts: readonly string[],
  escape: (text: string) => string,
): string {
  const written = new Set<number>();
  const names = folders.map((folder) => {
    if ("hive" in folder) return `${folder.hive}=${escape(texts[folder.key] ?? "")}`;
    let name = "";
    for (const token of folder.tokens) {
      if ("text" in token) name += token.text;
      // A time over several folders brings their slashes with it, so the folders after its first add nothing.
      else if (!written.has(token.key)) name += texts[token.key] ?? "";
      if ("key" in token) written.add(token.key);
    }
    return name;
  });
  return names.map((name) => (name === "" ? "" : `${name}/`)).join("");
}
