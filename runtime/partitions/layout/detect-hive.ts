import { UserError } from "../../shared/errors";
import { formatsOf } from "./detect-time";
import { unescapeValue } from "./hive-path";
import { isText, isWhole, type PartitionKey } from "./keys";
import { layoutError } from "./layout-error";
import { hiveTemplate, type Template } from "./template";

type Folders = readonly string[];

const PAIR = /^([^=]+)=(.*)$/s;
/** What Attunity (Qlik Replicate) names its folders. */
const ATTUNITY = /^header__[^=]*=/i;

/**
 * Whether the samples are laid out as Hive does, and how; undefined when they are not `key=value` at all.
 * @throws UserError when they are, but of other keys than the table's or in another order, or of dates that read two ways.
 */
export function detectHive(samples: readonly Folders[], keys: readonly PartitionKey[]): Template | undefined {
  const pairs = samples.filter((folders) => folders.some((folder) => PAIR.test(folder)));
  const start = pairs[0]?.findIndex((folder) => PAIR.test(folder)) ?? -1;
  const wanted = keys.map(nameOf).join();
  const fitting = pairs.filter((folders) => namesOf(folders, start, keys.length).join() === wanted);
  const [first] = fitting;
  if (first === undefined)
    return pairs.length * 2 > samples.length ? detectOdd(pairs, keys, start) : undefined;
  const above = first.slice(0, start);
  if (fitting.some((folders) => folders.slice(0, start).join("/") !== above.join("/"))) {
    throw layoutError("The folders above key=value differ", [], keys);
  }
  const spelled = first.slice(start, start + keys.length).map((folder) => PAIR.exec(folder)?.[1] ?? "");
  const formats = keys.map((key, index) =>
    formatOf(
      key,
      fitting.map((folders) => valueOf(folders[start + index])),
    ),
  );
  const template = hiveTemplate(keys, spelled, formats);
  const literals = above.map((text) => ({ tokens: [{ text }] }));
  const name = template.name === "hive" ? "hive" : [...above, template.name].join("/");
  return { ...template, name, folders: [...literals, ...template.folders] };
}

function detectOdd(pairs: readonly Folders[], keys: readonly PartitionKey[], start: number): Template {
  const [first = []] = pairs;
  const [key] = keys;
  if (keys.length === 1 && key !== undefined && ATTUNITY.test(first[start] ?? "")) {
    return hiveTemplate(keys, [first[start]?.split("=")[0] ?? ""], ["attunity"]);
  }
  const names = first.slice(start).flatMap((folder) => PAIR.exec(folder)?.[1]?.toLowerCase() ?? []);
  const wanted = keys.map(nameOf);
  const hasAll = wanted.every((name) => names.includes(name)) && names.length === wanted.length;
  if (hasAll) {
    const template = names.map((name) => `${name}={${name}}`).join("/");
    throw layoutError("The folders name the keys in another order than the table", [template], keys);
  }
  throw new UserError(
    `The folders name ${names.join(", ")}, but the table is partitioned by ${wanted.join(", ")}. Make the table's keys ` +
      "those of its folders, or set its parameter strata.partitions.layout to a template.",
  );
}

/** The format of a key's time; undefined where it is none, or its name and type say enough. */
function formatOf(key: PartitionKey, values: readonly string[]): string | undefined {
  if (!(isText(key) || isWhole(key) || key.type === "date")) return undefined;
  const formats = formatsOf(values);
  if (formats.length < 2) return formats[0];
  const spelled = formats.map((format) => `${key.name}={${key.name}:${format}}`);
  throw layoutError(`"${values[0] ?? ""}" can be read as ${formats.join(" or ")}`, spelled, [key]);
}

function namesOf(folders: Folders, start: number, count: number): readonly string[] {
  return folders.slice(start, start + count).map((folder) => PAIR.exec(folder)?.[1]?.toLowerCase() ?? "");
}

function valueOf(folder = ""): string {
  return unescapeValue(PAIR.exec(folder)?.[2] ?? "");
}

function nameOf({ name }: PartitionKey): string {
  return name;
}
