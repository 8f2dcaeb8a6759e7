import { PARAMETER_PREFIX } from "../../contracts/partitions";
import { UserError } from "../../shared/errors";
import { detectHive } from "./detect-hive";
import { detectPath } from "./detect-path";
import { type Layout, layoutOf } from "./layout";
import type { PartitionKey } from "./partition-keys";
import { firstJunkReason, foldersOf } from "./path-text";
import { hiveTemplate, layoutError, parseTemplate } from "./template";

/** What the layout of a table depends on. */
interface LayoutRequest {
  readonly keys: readonly PartitionKey[];
  /** The table's setting. */
  readonly layout?: string | undefined;
  /** Prefixes below the table's location, as deep as the sampling went. Each ends with `/`. */
  readonly samples: readonly string[];
}

/** Whether the layout depends on samples: it does unless the setting is a template. */
export function needsSamples(setting: string | undefined): boolean {
  return setting?.includes("{") !== true;
}

/**
 * Chooses the layout of a table: its setting decides, or without one the samples do. The name of a key alone never decides.
 * Undefined when the samples must decide and there are none yet.
 * @throws UserError when the samples fit several layouts or none. It names the parameter to set.
 */
export function chooseLayout({ keys, layout: setting, samples }: LayoutRequest): Layout | undefined {
  if (setting !== undefined && !needsSamples(setting)) return layoutOf(parseTemplate(setting, keys), keys);
  const folders = withoutJunk(samples);
  if (folders.length === 0) return undefined;
  const hive = setting === undefined || setting === "hive" ? detectHive(folders, keys) : undefined;
  if (hive !== undefined) return layoutOf(hive, keys);
  if (setting === "hive") return layoutOf(hiveTemplate(keys), keys);
  if (setting === undefined || setting === "cloudtrail") return onlyLayout(detectPath(folders, keys), keys);
  const name = LAYOUT_NAMES.find((known) => known === setting);
  if (name === undefined) {
    throw new UserError(
      `The table's parameter ${PARAMETER_PREFIX}layout is "${setting}". Set it to one of hive, cloudtrail, ` +
        `${LAYOUT_NAMES.join(", ")}, or to a template such as {year}/{month}/{day}.`,
    );
  }
  return bestVariant(name, variantsOf(name, keys, folders), keys, samples);
}

/** The folders of each sample, without samples that contain junk. */
function withoutJunk(samples: readonly string[]): readonly (readonly string[])[] {
  return samples
    .filter((sample) => sample !== "")
    .map(foldersOf)
    .filter((folders) => firstJunkReason(folders) === undefined);
}

function onlyLayout(templates: readonly string[], keys: readonly PartitionKey[]): Layout {
  const [first] = templates;
  if (first === undefined || templates.length > 1) {
    throw layoutError("The folders can be read in several ways", templates, keys);
  }
  return layoutOf(parseTemplate(first, keys), keys);
}

/** Layouts with a name and a few variants. `hive` and `cloudtrail` are detected from the samples instead. */
const LAYOUT_NAMES = ["firehose", "attunity", "epoch", "week"] as const;
type LayoutName = (typeof LAYOUT_NAMES)[number];

/** The variant of a named layout that reads the most samples. */
function bestVariant(
  name: LayoutName,
  templates: readonly string[],
  keys: readonly PartitionKey[],
  samples: readonly string[],
): Layout {
  let best: { readonly layout: Layout; readonly count: number } | undefined;
  for (const template of templates) {
    const layout = layoutOf(parseTemplate(template, keys, name), keys);
    const count = samples.filter((sample) => {
      const parsed = layout.parse(layout.partitionPrefix(sample) ?? "");
      return parsed.kind === "partition" && layout.timeOf(parsed.values) !== undefined;
    }).length;
    if (count > (best?.count ?? 0)) best = { layout, count };
  }
  if (best !== undefined) return best.layout;
  throw layoutError(`The folders, such as ${samples[0] ?? ""}, do not have the layout ${name}`, [], keys);
}

/** The templates of a named layout for a table with these keys; none if it needs another number of keys. */
function variantsOf(
  name: LayoutName,
  keys: readonly PartitionKey[],
  samples: readonly (readonly string[])[],
): readonly string[] {
  const [one = "", two = ""] = keys.map((key) => key.name);
  const single = (format: string): string => `{${one}:${format}}`;
  const start = nameInFirstFolder(samples);
  switch (name) {
    case "firehose":
      return firehoseVariants(keys);
    case "attunity":
      return keys.length === 1 ? [`${start}${single("attunity")}`] : [];
    case "epoch":
      return keys.length === 1 ? ["epoch", "epoch-ms"].map((format) => `${start}${single(format)}`) : [];
    case "week":
      if (keys.length === 2) return [`{${one}:YYYY}/{${two}:ww}`, `{${one}:YYYY}/W{${two}:ww}`];
      return ["YYYY-Www", "YYYYWww", "YYYY/ww", "YYYY/Www"].map((format) =>
        format.includes("/") ? single(format) : `${start}${single(format)}`,
      );
  }
}

/** Firehose writes `yyyy/MM/dd/HH` in UTC. The keys are one unit each, or a day and an hour, or everything in one. */
function firehoseVariants(keys: readonly PartitionKey[]): readonly string[] {
  const units = ["yyyy", "MM", "dd", "HH"];
  const placeholder = (key: PartitionKey | undefined, format: string): string =>
    `{${key?.name ?? ""}:${format}}`;
  if (keys.length > units.length) return [];
  if (keys.length === 1)
    return [placeholder(keys[0], keys[0]?.type === "date" ? "yyyy/MM/dd" : units.join("/"))];
  if (keys.length === 2) return [`${placeholder(keys[0], "yyyy/MM/dd")}/${placeholder(keys[1], "HH")}`];
  return [keys.map((key, index) => placeholder(key, units[index] ?? "")).join("/")];
}

/** `name=` if the first sample's first folder starts with it, else nothing. */
function nameInFirstFolder(samples: readonly (readonly string[])[]): string {
  return /^[^=]+=/.exec(samples[0]?.[0] ?? "")?.[0] ?? "";
}
