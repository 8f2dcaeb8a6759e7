/** Values as Hive writes them into paths. */

/** What Hive escapes. Source: Hive's FileUtils.escapePathName. */
const ESCAPED = new RegExp(String.raw`[\u0001-\u001f"#%'*/:=?\\\u007f{\[\]^]`, "g");

/** A value as a part of a path: `10:30` becomes `10%3A30`. */
export function escapeValue(value: string): string {
  return value.replace(
    ESCAPED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/**
 * The value that a part of a path stands for. Hive escapes single ASCII characters only; longer escapes are of other
 * writers, whose bytes are UTF-8. What is no escape stays as it is.
 */
export function unescapeValue(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    const bytes = Buffer.from(escapes.replaceAll("%", ""), "hex");
    const value = bytes.toString("utf8");
    return value.includes("\ufffd") ? escapes : value;
  });
}
