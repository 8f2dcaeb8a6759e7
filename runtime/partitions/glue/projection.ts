import type { Location } from "../lake/location";
import type { Layout } from "../layout/layout";
import type { PartitionKey } from "../layout/partition-keys";
import { writePrefix } from "../layout/prefix";
import { type ColumnProjection, columnProjection } from "./column-projection";

/**
 * Whether Athena could work without registered partitions (partition projection): either the table parameters that switch it on,
 * or why it could not.
 */
export type ProjectionAdvice =
  | {
      readonly eligible: true;
      readonly properties: Readonly<Record<string, string>>;
      /** What to know before setting them, a sentence each. */
      readonly notes: readonly string[];
    }
  | { readonly eligible: false; readonly reason: string };

interface ProjectionRequest {
  readonly keys: readonly PartitionKey[];
  readonly layout: Layout;
  readonly location: Location;
  /** The values of all partitions: queries would not see a partition that the properties leave out. */
  readonly values: Iterable<readonly string[]>;
  readonly now: Date;
}

/**
 * Advises on partition projection. Every key must be a date, a whole number, or text with a few values, and the folders must be
 * written as Athena would write them. Source of the properties: Athena guide, Supported types for partition projection.
 */
export function adviseProjection({
  keys,
  layout,
  location,
  values,
  now,
}: ProjectionRequest): ProjectionAdvice {
  const { template } = layout;
  const seen = keys.map(() => new Set<string>());
  for (const partition of values) {
    // Athena puts values into its template without escaping them.
    const plain = writePrefix(template.folders, partition, (text) => text);
    if (layout.render(partition) !== plain) {
      return refuse(`its folders write ${partition.join(", ")} differently than projection would`);
    }
    partition.forEach((value, index) => seen[index]?.add(value));
  }
  const columns: Record<string, string> = {};
  const notes = [ATHENA_ONLY];
  for (const [index, key] of keys.entries()) {
    const column = columnProjection(key, template.times[index], [...(seen[index] ?? [])], now);
    if (typeof column === "string") return refuse(column);
    Object.assign(columns, propertiesOf(key, column));
    if (template.times[index] === undefined) notes.push(noteOnValues(key, column));
  }
  return {
    eligible: true,
    properties: {
      "projection.enabled": "true",
      ...columns,
      "storage.location.template": locationTemplate(keys, layout, location),
    },
    notes,
  };
}

const ATHENA_ONLY =
  "Only Athena uses these properties. Redshift Spectrum, EMR and Glue jobs read registered partitions, and once projection is on, " +
  "Strata no longer registers partitions for this table, so they will not see new ones.";

function noteOnValues({ name }: PartitionKey, { type = "" }: ColumnProjection): string {
  const property = `projection.${name}.${type === "enum" ? "values" : "range"}`;
  return `Queries do not see a partition whose ${name} is not in ${property}. Add new values there when they appear.`;
}

function locationTemplate(keys: readonly PartitionKey[], layout: Layout, location: Location): string {
  const placeholders = keys.map(({ name }) => `\${${name}}`);
  const base = `s3://${location.bucket}/${location.prefix}`;
  return base + writePrefix(layout.template.folders, placeholders, (text) => text);
}

function propertiesOf(key: PartitionKey, column: ColumnProjection): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(column).map(([property, value]) => [`projection.${key.name}.${property}`, value]),
  );
}

function refuse(reason: string): ProjectionAdvice {
  return { eligible: false, reason };
}
