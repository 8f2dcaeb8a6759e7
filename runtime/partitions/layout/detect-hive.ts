import { PARAMETER_PREFIX } from "../../contracts/partitions";
import { UserError } from "../../shared/errors";
import { timeFormatsOf } from "./detect-time";
import { isText, isWholeNumber, type PartitionKey } from "./partition-keys";
import { unescapeValue } from "./path-text";
import { hiveTemplate, layoutError, type Template } from "./template";

type Folders = readonly string[];

const PAIR = /^([^=]+)=(.*)$/s;
/** The folder names of Attunity (Qlik Replicate). */
const ATTUNITY = /^header__[^=]*=/i;

/**
 * Finds Hive's layout, `key=value` folders, in the samples. Undefined when the samples have no such folders.
 * @throws UserError when the folders name other keys than the table's, or name them in another order, or have dates that can be
 * read in two ways.
 */
export function detectHive(samples: readonly Folders[], keys: readonly PartitionKey[]): Template | undefined {
  const pairs = samples.filter((folders) => folders.some((folder) => PAIR.test(folder)));
  const start = pairs[0]?.findIndex((folder) => PAIR.test(folder)) ?? -1;
  const wanted = keys.map(nameOf).join();
  const matching = pairs.filter((folders) => namesOf(folders, start, keys.length).join() === wanted);
  const [first] = matching;
  if (first === undefined)
    return pairs.length * 2 > samples.length ? detectOtherNames(pairs, keys, start) : undefined;
  const above = first.slice(0, start);
  if (matching.some((folders) => folders.slice(0, start).join("/") !== above.join("/"))) {
    throw layoutError("The folders above key=value differ", [], keys);
  }
  const names = first.slice(start, start + keys.length).map((folder) => PAIR.exec(folder)?.[1] ?? "");
  const formats = keys.map((key, index) =>
    formatOf(
      key,
      matching.map((folders) => valueOf(folders[start + index])),
    ),
  );
  const template = hiveTemplate(keys, names, formats);
  const literals = above.map((text) => ({ tokens: [{ text }] }));
  const name = template.name === "hive" ? "hive" : [...above, template.name].join("/");
  return { ...template, name, folders: [...literals, ...template.folders] };
}

/** Handles `name=value` folders whose names are not the table's keys in order. Only Attunity's are a known layout. */
function detectOtherNames(pairs: readonly Folders[], keys: readonly PartitionKey[], start: number): Template {
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
    `The folders name ${names.join(", ")}, but the table is partitioned by ${wanted.join(", ")}. Give the table the ` +
      `keys of its folders, or set its parameter ${PARAMETER_PREFIX}layout to a template.`,
  );
}

/** The time format of a key's values; undefined if they are not times, or if the key's name and type imply the format. */
function formatOf(key: PartitionKey, values: readonly string[]): string | undefined {
  if (!(isText(key) || isWholeNumber(key) || key.type === "date")) return undefined;
  const formats = timeFormatsOf(values);
  if (formats.length < 2) return formats[0];
  const candidates = formats.map((format) => `${key.name}={${key.name}:${format}}`);
  throw layoutError(`"${values[0] ?? ""}" can be read as ${formats.join(" or ")}`, candidates, [key]);
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
