import { unescapeValue } from "./hive-path";
import { addFields, type Fields, type Unit } from "./moment";
import { escapeExpression, fieldsOf, readTime, sourceOf, type Piece } from "./time-format";
import type { Folder, Template, Token } from "./template";

/** What the folders of a prefix say, whole or only its first ones. */
export interface Reading {
  /** Text of each key that was met, by the key's number; as in the path, without Hive's escapes. */
  readonly texts: readonly (string | undefined)[];
  readonly fields: Fields;
}

/** Reads folders by a template: what they say, or why they are not of this layout. */
type ReadFolders = (folders: readonly string[]) => Reading | string;

/** A reader for a template's folders. */
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

/** Puts what a folder says into `texts` and gives the times it names; a text tells why it is no such folder. */
type ReadFolder = (folder: string, texts: (string | undefined)[]) => Fields | string;

function hiveReader({ hive, key }: Extract<Folder, { hive: string }>, { times }: Template): ReadFolder {
  const pieces = times[key];
  const wanted = hive.toLowerCase();
  return (folder, texts) => {
    const equals = folder.indexOf("=");
    if (equals < 0) return `"${folder}" is not of the form ${hive}=value`;
    // Glue keeps names in lower case, so the path's may differ in case.
    if (folder.slice(0, equals).toLowerCase() !== wanted)
      return `"${folder}" stands where ${hive}=... is due`;
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
    const fields = match === null ? undefined : fieldsOf(pieces, numbersOf(tokens, match.slice(1)));
    if (match === null || fields === undefined) return `"${folder}" is not ${describeFolder(tokens)}`;
    const met = new Set<number>();
    tokens.forEach((token, index) => {
      if ("text" in token) return;
      const before = texts[token.key];
      // A key that an earlier folder began goes on here, as in {dt:yyyy/MM/dd}.
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
  return "text" in token.piece ? `(${escapeExpression(token.piece.text)})` : sourceOf(token.piece);
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
