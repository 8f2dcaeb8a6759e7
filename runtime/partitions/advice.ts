import { columnProjection, type Projection } from "./column-projection";
import type { PartitionKey } from "./layout/keys";
import type { Layout } from "./layout/layout";
import type { Location } from "./lake/location";
import { writePrefix } from "./layout/write-prefix";

/** Whether Athena could do without registered partitions, with the table parameters that make it so, or why not. */
export type Advice =
  | {
      readonly eligible: true;
      readonly properties: Readonly<Record<string, string>>;
      /** What whoever sets them must know, a sentence each. */
      readonly notes: readonly string[];
    }
  | { readonly eligible: false; readonly reason: string };

interface AdviceRequest {
  readonly keys: readonly PartitionKey[];
  readonly layout: Layout;
  readonly location: Location;
  /** Values of the partitions that there are: of all of them, since no query would see one that the properties leave out. */
  readonly values: Iterable<readonly string[]>;
  readonly now: Date;
}

/**
 * Advises partition projection: every key must be a date, a whole number, or text of a few values, and the folders must be
 * spelled as Athena would. Source of the properties: Athena guide, Supported types for partition projection.
 */
export function adviseProjection({ keys, layout, location, values, now }: AdviceRequest): Advice {
  const { template } = layout;
  const seen = keys.map(() => new Set<string>());
  for (const partition of values) {
    // Athena writes values into the template as they are, so that must be how the folders are named.
    const plain = writePrefix(template.folders, partition, (text) => text);
    if (layout.render(partition) !== plain) {
      return refuse(`its folders spell ${partition.join(", ")} otherwise than projection would`);
    }
    partition.forEach((value, index) => seen[index]?.add(value));
  }
  const columns: Record<string, string> = {};
  const notes = [ATHENA_ONLY];
  for (const [index, key] of keys.entries()) {
    const column = columnProjection(key, template.times[index], [...(seen[index] ?? [])], now);
    if (typeof column === "string") return refuse(column);
    Object.assign(columns, named(key, column));
    if (template.times[index] === undefined) notes.push(noteOnValues(key, column));
  }
  return {
    eligible: true,
    properties: {
      "projection.enabled": "true",
      ...columns,
      "storage.location.template": templateOf(keys, layout, location),
    },
    notes,
  };
}

const ATHENA_ONLY =
  "Only Athena goes by these properties. Redshift Spectrum, EMR and Glue jobs see registered partitions, and Strata registers " +
  "no more of them once projection is on.";

function noteOnValues({ name }: PartitionKey, { type = "" }: Projection): string {
  const property = `projection.${name}.${type === "enum" ? "values" : "range"}`;
  return `No query sees a partition whose ${name} is not in ${property}: add new ones there as they come.`;
}

function templateOf(keys: readonly PartitionKey[], layout: Layout, location: Location): string {
  const placeholders = keys.map(({ name }) => `\${${name}}`);
  const base = `s3://${location.bucket}/${location.prefix}`;
  return base + writePrefix(layout.template.folders, placeholders, (text) => text);
}

function named(key: PartitionKey, column: Projection): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(column).map(([property, value]) => [`projection.${key.name}.${property}`, value]),
  );
}

function refuse(reason: string): Advice {
  return { eligible: false, reason };
}
