import { UserError } from "../../shared/errors";
import { detectHive } from "./detect-hive";
import { detectPath } from "./detect-path";
import type { PartitionKey } from "./keys";
import { layoutOf, type Layout } from "./layout";
import { layoutError } from "./layout-error";
import { LAYOUT_NAMES, namedTemplates } from "./named-layouts";
import { soundFolders } from "./samples";
import { hiveTemplate, parseTemplate } from "./template";

/** What a table's layout is chosen by. */
interface LayoutRequest {
  readonly keys: readonly PartitionKey[];
  /** The table's setting. */
  readonly layout?: string | undefined;
  /** Prefixes below the location as deep as was looked, each ending with `/`. */
  readonly samples: readonly string[];
}

/** Whether a layout's setting leaves something to be seen from the prefixes. */
export function needsSamples(setting: string | undefined): boolean {
  return setting?.includes("{") !== true;
}

/**
 * The layout of a table: as its setting says, else as its prefixes show. A column's name alone says nothing.
 * Undefined when it is up to the prefixes and there are none yet.
 * @throws UserError when the prefixes can be read in several ways or in none, telling the parameter to set.
 */
export function chooseLayout({ keys, layout: setting, samples }: LayoutRequest): Layout | undefined {
  if (setting !== undefined && !needsSamples(setting)) return layoutOf(parseTemplate(setting, keys), keys);
  const folders = soundFolders(samples);
  if (folders.length === 0) return undefined;
  const hive = setting === undefined || setting === "hive" ? detectHive(folders, keys) : undefined;
  if (hive !== undefined) return layoutOf(hive, keys);
  if (setting === "hive") return layoutOf(hiveTemplate(keys), keys);
  if (setting === undefined || setting === "cloudtrail") return onlyLayout(detectPath(folders, keys), keys);
  const name = LAYOUT_NAMES.find((known) => known === setting);
  if (name === undefined) {
    throw new UserError(
      `The table's parameter strata.partitions.layout is "${setting}". Set it to one of hive, cloudtrail, ` +
        `${LAYOUT_NAMES.join(", ")}, or to a template such as {year}/{month}/{day}.`,
    );
  }
  return fittingLayout(name, namedTemplates(name, keys, folders), keys, samples);
}

function onlyLayout(templates: readonly string[], keys: readonly PartitionKey[]): Layout {
  const [first] = templates;
  if (first === undefined || templates.length > 1) {
    throw layoutError("The folders can be read in several ways", templates, keys);
  }
  return layoutOf(parseTemplate(first, keys), keys);
}

/** Of the spellings that a named layout has, the one that reads most of the samples. */
function fittingLayout(
  name: string,
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
  throw layoutError(`The folders, such as ${samples[0] ?? ""}, are not of the layout ${name}`, [], keys);
}
