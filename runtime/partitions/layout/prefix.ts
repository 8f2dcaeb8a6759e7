import { addFields, type TimeFields, type Unit } from "./moment";
import { unescapeValue } from "./path-text";
import type { Folder, Template, Token } from "./template";
import { escapeExpression, expressionOf, fieldsFromNumbers, type Piece, readTime } from "./time-format";

/** What the folders of a prefix contain. The prefix may end before the partition's last folder. */
export interface Reading {
  /** The text of each key, by the key's number: as in the path, without Hive's escapes. Undefined for keys of later folders. */
  readonly texts: readonly (string | undefined)[];
  readonly fields: TimeFields;
}

/** Reads folders by a template. The answer is a text if they do not fit it: the reason. */
type ReadFolders = (folders: readonly string[]) => Reading | string;

/** Makes the reader of a template's folders. */
export function folderReader(template: Template): ReadFolders {
  const readers = template.folders.map((folder) =>
    "hive" in folder ? hiveReader(folder, template) : plainReader(folder),
  );
  return (folders) => {
    const texts: (string | undefined)[] = template.times.map(() => undefined);
    const fields: Partial<Record<Unit, number>> = {};
    for (const [index, folder] of folders.entries()) {
      const read = readers[index]?.(folder, texts);
      if (typeof read === "string") return read;
      if (read !== undefined) addFields(fields, read);
    }
    return { texts, fields };
  };
}

/** Reads one folder: writes its values into `texts` and answers its times. The answer is a text if the folder does not fit. */
type ReadFolder = (folder: string, texts: (string | undefined)[]) => TimeFields | string;

function hiveReader({ hive, key }: Extract<Folder, { hive: string }>, { times }: Template): ReadFolder {
  const pieces = times[key];
  const wanted = hive.toLowerCase();
  return (folder, texts) => {
    const equals = folder.indexOf("=");
    if (equals < 0) return `"${folder}" is not of the form ${hive}=value`;
    // Glue stores names in lower case; the path may use capital letters.
    if (folder.slice(0, equals).toLowerCase() !== wanted)
      return `"${folder}" was found where ${hive}=... was expected`;
    const text = unescapeValue(folder.slice(equals + 1));
    texts[key] = text;
    return pieces === undefined ? {} : (readTime(pieces, text) ?? {});
  };
}

function plainReader({ tokens }: Extract<Folder, { tokens: readonly Token[] }>): ReadFolder {
  const expression = new RegExp(`^${tokens.map(groupOf).join("")}$`);
  const pieces = tokens.map((token): Piece => ("text" in token ? token : (token.piece ?? { text: "" })));
  return (folder, texts) => {
    const match = expression.exec(folder);
    const fields = match === null ? undefined : fieldsFromNumbers(pieces, numbersOf(tokens, match.slice(1)));
    if (match === null || fields === undefined) return `"${folder}" is not ${describeFolder(tokens)}`;
    const met = new Set<number>();
    tokens.forEach((token, index) => {
      if ("text" in token) return;
      const before = texts[token.key];
      // A key may continue from the folder above, as in {dt:yyyy/MM/dd}.
      const start = before !== undefined && !met.has(token.key) ? `${before}/` : (before ?? "");
      texts[token.key] = start + (match[index + 1] ?? "");
      met.add(token.key);
    });
    return fields;
  };
}

function groupOf(token: Token): string {
  if ("text" in token) return `(${escapeExpression(token.text)})`;
  if (token.piece === undefined) return "([^/]+?)";
  return "text" in token.piece ? `(${escapeExpression(token.piece.text)})` : expressionOf(token.piece);
}

function numbersOf(tokens: readonly Token[], groups: readonly string[]): string[] {
  return groups.filter((_, index) => {
    const token = tokens[index];
    return token !== undefined && "key" in token && token.piece !== undefined && "unit" in token.piece;
  });
}

function describeFolder(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if ("text" in token) return token.text;
      if (token.piece === undefined) return "a value";
      return "text" in token.piece ? token.piece.text : token.piece.unit;
    })
    .join("");
}

/** Writes a prefix such as `year=2026/month=11/`. `texts` has the text of each key, by the key's number. */
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
      // The text of a time over several folders contains their slashes, so its later folders add nothing.
      else if (!written.has(token.key)) name += texts[token.key] ?? "";
      if ("key" in token) written.add(token.key);
    }
    return name;
  });
  return names.map((name) => (name === "" ? "" : `${name}/`)).join("");
}
