import type { Column } from "@aws-sdk/client-glue";

/** Whether a partition may get its table's columns: only if the partition's old files can still be read with them. */

/** The types that a type may be changed to. Source: Hive's and Athena's rules for schema updates. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  tinyint: ["smallint", "int", "bigint"],
  smallint: ["int", "bigint"],
  int: ["bigint"],
  integer: ["bigint", "int"],
  float: ["double"],
};

/**
 * Why a partition cannot get the table's columns, or undefined if it can: types may only become wider (`int` to `bigint`), and
 * columns and struct fields may only be added.
 */
export function cascadeProblem(partition: readonly Column[], table: readonly Column[]): string | undefined {
  const wanted = new Map(table.map(({ Name: name = "", Type: type = "" }) => [name.toLowerCase(), type]));
  for (const { Name: name = "", Type: type = "" } of partition) {
    const next = wanted.get(name.toLowerCase());
    if (next === undefined) return `the table no longer has a column ${name}`;
    if (!isPromotion(type, next)) return `${name} cannot be changed from ${type} to ${next}`;
  }
  return undefined;
}

/** Whether data of one type can be read as another type. */
export function isPromotion(from: string, to: string): boolean {
  const [one, other] = [normalize(from), normalize(to)];
  if (one === other || WIDER[one]?.includes(other) === true) return true;
  const before = parametersOf(one);
  const after = parametersOf(other);
  if (before === undefined || after === undefined || before.outer !== after.outer) return false;
  if (before.outer === "decimal") return isWiderDecimal(before.parts, after.parts);
  if (before.outer === "struct") return isWiderStruct(before.parts, after.parts);
  if (before.outer === "array") return isPromotion(before.parts[0] ?? "", after.parts[0] ?? "");
  if (before.outer !== "map") return false;
  return before.parts[0] === after.parts[0] && isPromotion(before.parts[1] ?? "", after.parts[1] ?? "");
}

function isWiderStruct(before: readonly string[], after: readonly string[]): boolean {
  const fields = new Map(after.map(splitField));
  return before.map(splitField).every(([name, type]) => {
    const next = fields.get(name);
    return next !== undefined && isPromotion(type, next);
  });
}

function isWiderDecimal(before: readonly string[], after: readonly string[]): boolean {
  const [digits = 10, scale = 0] = before.map(Number);
  const [nextDigits = 10, nextScale = 0] = after.map(Number);
  return nextScale === scale && nextDigits >= digits;
}

function splitField(field: string): [string, string] {
  const colon = field.indexOf(":");
  return [field.slice(0, colon), field.slice(colon + 1)];
}

/** Splits `struct<a:int,b:map<string,int>>` into `struct` and its parts, at the outer commas only. */
function parametersOf(
  type: string,
): { readonly outer: string; readonly parts: readonly string[] } | undefined {
  const [, outer, inner] = /^(\w+)[<(](.*)[>)]$/.exec(type) ?? [];
  if (outer === undefined || inner === undefined) return undefined;
  const parts: string[] = [""];
  let level = 0;
  for (const character of inner) {
    if (character === "<" || character === "(") level++;
    if (character === ">" || character === ")") level--;
    if (character === "," && level === 0) parts.push("");
    else parts[parts.length - 1] = `${parts.at(-1) ?? ""}${character}`;
  }
  return { outer, parts };
}

function normalize(type: string): string {
  return type.toLowerCase().replace(/\s/g, "");
}
