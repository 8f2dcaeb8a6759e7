import type { Column } from "@aws-sdk/client-glue";

/** How the columns of a partition may follow those of its table: only where old files still read right. */

/** Types that a type may become. Source: Hive's and Athena's rules for schema updates. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  tinyint: ["smallint", "int", "bigint"],
  smallint: ["int", "bigint"],
  int: ["bigint"],
  integer: ["bigint", "int"],
  float: ["double"],
};

/**
 * Why a partition's columns cannot become the table's, or undefined when they can: types only promoted
 * (`int` to `bigint`), columns and struct fields only added.
 */
export function cascadeRefusal(partition: readonly Column[], table: readonly Column[]): string | undefined {
  const wanted = new Map(table.map(({ Name: name = "", Type: type = "" }) => [name.toLowerCase(), type]));
  for (const { Name: name = "", Type: type = "" } of partition) {
    const next = wanted.get(name.toLowerCase());
    if (next === undefined) return `the table has no column ${name} any more`;
    if (!isPromotion(type, next)) return `${name} cannot turn from ${type} into ${next}`;
  }
  return undefined;
}

/** Whether data of one type reads right as another. */
export function isPromotion(from: string, to: string): boolean {
  const [one, other] = [squeeze(from), squeeze(to)];
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

/** `struct<a:int,b:map<string,int>>` as `struct` and its parts, cut at the outer commas only. */
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

function squeeze(type: string): string {
  return type.toLowerCase().replace(/\s/g, "");
}
