import { NULL_VALUE } from "./partition-keys";
import { parseTimeFormat, rangeOfText } from "./time-format";

/** Finds the time format of samples. Only the text of the samples counts, never the name of a key. */

/** Formats of one folder. Formats with the month before the day are in the list only to detect that day and month could be confused. */
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

/** Formats over one or several folders. */
const FOLDER_FORMATS = [
  ...["yyyy/MM/dd/HH", "yyyy/MM/dd", "yyyy/MM", "dd/MM/yyyy", "MM/dd/yyyy", "YYYY/Www", "YYYY/ww"],
  ...["yyyy-MM-dd/HH", "yyyyMMdd/HH", "yyyy"],
].map((name) => ({ name, pieces: parseTimeFormat(name), length: name.split("/").length }));

/** Numbers that could be a time outside these years are assumed to be other numbers. */
const EARLIEST = Date.UTC(1990, 0);
const LATEST = Date.UTC(2100, 0);
/** The share of samples that must have the format. The sync reports the folders that do not. */
const MIN_SHARE = 0.75;

/** The formats of one folder or value that match the most samples. There may be several, or none if it is not a time. */
export function timeFormatsOf(samples: readonly string[]): readonly string[] {
  const withValue = samples.filter((sample) => sample !== NULL_VALUE);
  return bestFormats(FORMATS, withValue, (sample) => sample);
}

/** A time that is written over one or several folders. */
export interface TimeFolders {
  /** Such as `yyyy/MM/dd`. */
  readonly format: string;
  /** The depth of its first folder. */
  readonly start: number;
  readonly length: number;
}

/** The longest time that starts at the first folder with a time. There are several if formats match equally well. */
export function timeFoldersOf(
  samples: readonly (readonly string[])[],
  depth: number,
): readonly TimeFolders[] {
  for (let start = 0; start < depth; start++) {
    for (let length = Math.min(4, depth - start); length > 0; length--) {
      const formats = FOLDER_FORMATS.filter((format) => format.length === length);
      const candidates = length === 1 ? [...FORMATS, ...formats] : formats;
      const found = bestFormats(candidates, samples, (folders) =>
        folders.slice(start, start + length).join("/"),
      );
      if (found.length > 0) return found.map((format) => ({ format, start, length }));
    }
  }
  return [];
}

type Format = (typeof FORMATS)[number];

function bestFormats<T>(
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
  const highest = Math.max(0, ...counts.map(({ count }) => count));
  if (highest === 0 || highest < samples.length * MIN_SHARE) return [];
  return counts.filter(({ count }) => count === highest).map(({ name }) => name);
}

function isPlausible({ name, pieces }: Format, text: string): boolean {
  const range = rangeOfText(pieces, text);
  if (range === undefined || range.from < EARLIEST || range.from >= LATEST) return false;
  // Any long number could be a count of seconds. The times that folders are named after are whole minutes.
  return !name.startsWith("epoch") || range.from % 60_000 === 0;
}
