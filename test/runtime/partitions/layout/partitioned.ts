import type { PartitionKey } from "../../../../runtime/partitions/layout/partition-keys";
import { layoutOf, type Layout } from "../../../../runtime/partitions/layout/layout";
import { hiveTemplate, parseTemplate } from "../../../../runtime/partitions/layout/template";

/** Keys such as `year:int`. Without a type they are text. */
export function keysOf(...specs: readonly string[]): readonly PartitionKey[] {
  return specs.map((spec) => {
    const [name = "", type = "string"] = spec.split(":");
    return { name, type };
  });
}

/** A layout from its template. */
export function layoutFrom(template: string, ...specs: readonly string[]): Layout {
  const keys = keysOf(...specs);
  return layoutOf(parseTemplate(template, keys), keys);
}

/** Hive's layout for these keys. */
export function hiveFrom(...specs: readonly string[]): Layout {
  const keys = keysOf(...specs);
  return layoutOf(hiveTemplate(keys), keys);
}

/** Milliseconds of a UTC day or moment. */
export function at(iso: string): number {
  return Date.parse(iso.includes("T") ? `${iso}Z` : `${iso}T00:00:00Z`);
}
