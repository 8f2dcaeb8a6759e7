import { columnProjection, type Projection } from "./column-projection";
import type { PartitionKey } from "./keys";
import type { Layout } from "./layout";
import type { Location } from "./location";
import { writePrefix } from "./write-prefix";

/** Whether Athena could do without registered partitions, with the table parameters that make it so, or why not. */
export type Advice =
  | { readonly eligible: true; readonly properties: Readonly<Record<string, string>> }
  | { readonly eligible: false; readonly reason: string };

interface AdviceRequest {
  readonly keys: readonly PartitionKey[];
  readonly layout: Layout;
  readonly location: Location;
  /** Values of the partitions that are there. */
  readonly values: Iterable<readonly string[]>;
  readonly now: Date;
}

/** Different values of a key that are kept: more than these are nothing to enumerate. */
const MOST_KEPT = 10_000;

/**
 * Advises partition projection: every key must be a date, a whole number, or text of a few values, and the folders must be
 * spelled as Athena would. Source of the properties: Athena guide, Supported types for partition projection.
 */
export function adviseProjection({ keys, layout, location, values, now }: AdviceRequest): Advice {
  const seen = keys.map(() => new Set<string>());
  for (const partition of values) {
    // Athena writes values into the template as they are, so that must be how the folders are named.
    const plain = writePrefix(layout.template.folders, partition, (text) => text);
    if (layout.render(partition) !== plain) {
      return refuse(`its folders spell ${partition.join(", ")} otherwise than projection would`);
    }
    partition.forEach((value, index) => {
      const kept = seen[index];
      if (kept !== undefined && kept.size < MOST_KEPT) kept.add(value);
    });
  }
  const columns: Record<string, string> = {};
  for (const [index, key] of keys.entries()) {
    const column = columnProjection(key, layout.template.times[index], [...(seen[index] ?? [])], now);
    if (typeof column === "string") return refuse(column);
    Object.assign(columns, named(key, column));
  }
  return {
    eligible: true,
    properties: {
      "projection.enabled": "true",
      ...columns,
      "storage.location.template": templateOf(keys, layout, location),
    },
  };
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
