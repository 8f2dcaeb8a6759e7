import { parseTimeFormat, spanOf } from "./time-format";
import { NULL_VALUE } from "./keys";

/** Finds out how text spells time, from the text alone. */

/** Formats that folders are named in. Month before day is known so as to tell when days cannot be told from months. */
const FORMATS = [
  ...["yyyy-MM-dd", "dd-MM-yyyy", "MM-dd-yyyy", "yyyy.MM.dd", "dd.MM.yyyy", "MM.dd.yyyy"],
  ...[
    "yyyyMMdd",
    "ddMMyyyy",
    "MMddyyyy",
    "yyyy-MM",
    "yyyyMM",
    "yyyy-MM-dd-HH",
    "yyyy-MM-dd HH",
    "yyyyMMddHH",
  ],
  ...["yyyy-MM-ddTHH", "yyyy-MM-dd HH:mm:ss", "YYYY-Www", "YYYYWww", "attunity", "epoch", "epoch-ms"],
].map((name) => ({ name, pieces: parseTimeFormat(name) }));

/** Formats spread over folders. */
const FOLDER_FORMATS = [
  ...["yyyy/MM/dd/HH", "yyyy/MM/dd", "yyyy/MM", "dd/MM/yyyy", "MM/dd/yyyy", "YYYY/Www", "YYYY/ww"],
  ...["yyyy-MM-dd/HH", "yyyyMMdd/HH", "yyyy"],
].map((name) => ({ name, pieces: parseTimeFormat(name), length: name.split("/").length }));

/** Numbers that look like a time but lie beyond these years are taken for other numbers. */
const FIRST = Date.UTC(1990, 0);
const END = Date.UTC(2100, 0);
/** Part of the samples that must agree: the others are found and reported when the table is synced. */
const AGREEING = 0.75;

/** Formats of one folder or value that fit the samples best; several where they fit alike, none if it is no time. */
export function formatsOf(samples: readonly string[]): readonly string[] {
  const told = samples.filter((sample) => sample !== NULL_VALUE);
  return best(FORMATS, told, (sample) => sample);
}

/** A time that goes over several folders. */
export interface TimeRun {
  /** Such as `yyyy/MM/dd`. */
  readonly format: string;
  /** The folder it begins at. */
  readonly start: number;
  readonly length: number;
}

/** The times that the samples' folders spell: at the first folder that spells any, the longest; several if none fits better. */
export function timeRunsOf(samples: readonly (readonly string[])[], depth: number): readonly TimeRun[] {
  for (let start = 0; start < depth; start++) {
    for (let length = Math.min(4, depth - start); length > 0; length--) {
      const formats = FOLDER_FORMATS.filter((format) => format.length === length);
      const candidates = length === 1 ? [...FORMATS, ...formats] : formats;
      const found = best(candidates, samples, (folders) => folders.slice(start, start + length).join("/"));
      if (found.length > 0) return found.map((format) => ({ format, start, length }));
    }
  }
  return [];
}

type Format = (typeof FORMATS)[number];

function best<T>(
  formats: readonly Format[],
  samples: readonly T[],
  textOf: (sample: T) => string,
): readonly string[] {
  const texts = new Map<string, number>();
  for (const sample of samples) texts.set(textOf(sample), (texts.get(textOf(sample)) ?? 0) + 1);
  const counts = formats.map((format) => {
    let count = 0;
    for (const [text, times] of texts) if (isPlausible(format, text)) count += times;
    return { name: format.name, count };
  });
  const most = Math.max(0, ...counts.map(({ count }) => count));
  if (most === 0 || most < samples.length * AGREEING) return [];
  return counts.filter(({ count }) => count === most).map(({ name }) => name);
}

function isPlausible({ name, pieces }: Format, text: string): boolean {
  const span = spanOf(pieces, text);
  if (span === undefined || span.from < FIRST || span.from >= END) return false;
  // Any long number could be seconds; those that folders are cut by are whole minutes.
  return !name.startsWith("epoch") || span.from % 60_000 === 0;
}
