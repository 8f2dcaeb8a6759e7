import type { PartitionKey } from "./keys";

/** Layouts that are known by a name and differ in little; `hive` and `cloudtrail` are read from the prefixes. */
export const LAYOUT_NAMES = ["firehose", "attunity", "epoch", "week"] as const;
type LayoutName = (typeof LAYOUT_NAMES)[number];

/** The spellings of a named layout for a table of those keys; none where it has no such number of keys. */
export function namedTemplates(
  name: LayoutName,
  keys: readonly PartitionKey[],
  samples: readonly (readonly string[])[],
): readonly string[] {
  const [one = "", two = ""] = keys.map((key) => key.name);
  const single = (format: string): string => `{${one}:${format}}`;
  switch (name) {
    case "firehose":
      return firehoseTemplates(keys);
    case "attunity":
      return keys.length === 1 ? [`${namedFolder(samples)}${single("attunity")}`] : [];
    case "epoch":
      return keys.length === 1
        ? ["epoch", "epoch-ms"].map((format) => `${namedFolder(samples)}${single(format)}`)
        : [];
    case "week":
      if (keys.length === 2) return [`{${one}:YYYY}/{${two}:ww}`, `{${one}:YYYY}/W{${two}:ww}`];
      return ["YYYY-Www", "YYYYWww", "YYYY/ww", "YYYY/Www"].map((format) =>
        format.includes("/") ? single(format) : `${namedFolder(samples)}${single(format)}`,
      );
  }
}

/** Firehose writes `yyyy/MM/dd/HH` in UTC: a key each, all in one, or a day and an hour. */
function firehoseTemplates(keys: readonly PartitionKey[]): readonly string[] {
  const units = ["yyyy", "MM", "dd", "HH"];
  const named = (key: PartitionKey | undefined, format: string): string => `{${key?.name ?? ""}:${format}}`;
  if (keys.length > units.length) return [];
  if (keys.length === 1) return [named(keys[0], keys[0]?.type === "date" ? "yyyy/MM/dd" : units.join("/"))];
  if (keys.length === 2) return [`${named(keys[0], "yyyy/MM/dd")}/${named(keys[1], "HH")}`];
  return [keys.map((key, index) => named(key, units[index] ?? "")).join("/")];
}

/** `name=` as the first sample spells it, or nothing. */
function namedFolder(samples: readonly (readonly string[])[]): string {
  return /^[^=]+=/.exec(samples[0]?.[0] ?? "")?.[0] ?? "";
}
