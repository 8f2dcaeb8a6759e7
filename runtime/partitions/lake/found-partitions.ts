import type { Layout } from "../layout/layout";
import { identityOf, type PartitionKey } from "../layout/partition-keys";
import { isEverything, overlaps, type Window } from "../layout/window";

/** Among the partitions with a time, the latest. */
interface NewestPartition {
  readonly values: readonly string[];
  /** The moment at which its time starts, in milliseconds since 1970. */
  readonly from: number;
}

/** The number of problems that are kept as examples. All problems are counted. */
const MAX_EXAMPLES = 20;

/** The partitions that were found in S3. Only their prefixes are kept, so that 100,000 of them need little memory. */
export class FoundPartitions {
  /** How many prefixes hold no data of the table: hidden folders, markers, double slashes. */
  ignored = 0;
  /** How many prefixes and objects should be partitions, but cannot be. They are not created. */
  problems = 0;
  /** The first problems, a sentence each. */
  readonly examples: string[] = [];
  newest: NewestPartition | undefined;
  private readonly prefixes = new Map<string, string>();
  private readonly withoutTime = new Set<string>();

  constructor(
    readonly layout: Layout,
    readonly keys: readonly PartitionKey[],
    readonly window: Window,
  ) {}

  get size(): number {
    return this.prefixes.size;
  }

  /** Adds a prefix, relative to the table's location: a partition, junk, or a folder that fits neither. */
  add(prefix: string): void {
    const parsed = this.layout.parse(prefix);
    if (parsed.kind === "ignored") this.ignored++;
    else if (parsed.kind === "invalid") this.addProblem(parsed.reason);
    else this.addPartition(prefix, parsed.values);
  }

  /** Adds an object above the partitions, which no query reads. */
  addStrayObject(key: string): void {
    const name = key.slice(key.lastIndexOf("/") + 1);
    if (name === "" || /^[_.]|\$folder\$$/.test(name)) this.ignored++;
    else this.addProblem(`${key}: it is above the partitions, so no query reads it`);
  }

  has(identity: string): boolean {
    return this.prefixes.has(identity);
  }

  /** Each partition's identity and prefix. */
  entries(): IterableIterator<[string, string]> {
    return this.prefixes.entries();
  }

  /** The values of each partition. */
  *values(): Generator<readonly string[]> {
    for (const prefix of this.prefixes.values()) yield this.valuesOf(prefix);
  }

  /**
   * The values of the partitions that have no time although the layout has one, such as Hive's null value. When Glue is asked
   * for a span of time, it does not return these.
   */
  *valuesWithoutTime(): Generator<readonly string[]> {
    for (const prefix of this.withoutTime) yield this.valuesOf(prefix);
  }

  /** The values of a partition by its prefix. */
  valuesOf(prefix: string): readonly string[] {
    const parsed = this.layout.parse(prefix);
    return parsed.kind === "partition" ? parsed.values : [];
  }

  private addPartition(prefix: string, values: readonly string[]): void {
    const time = this.layout.hasTime ? this.layout.timeOf(values) : undefined;
    if (time !== undefined && !overlaps(time, this.window)) return;
    const identity = identityOf(this.keys, values);
    const other = this.prefixes.get(identity);
    if (other !== undefined && other !== prefix) {
      this.addProblem(`${prefix}: it is the same partition as ${other}, which is used. Move one of them.`);
      return;
    }
    this.prefixes.set(identity, prefix);
    if (time === undefined && this.layout.hasTime && !isEverything(this.window)) this.withoutTime.add(prefix);
    if (time !== undefined && time.from > (this.newest?.from ?? -Infinity))
      this.newest = { values, from: time.from };
  }

  private addProblem(problem: string): void {
    this.problems++;
    if (this.examples.length < MAX_EXAMPLES) this.examples.push(problem);
  }
}

/** What is known about the newest partition of a table. Moments are ISO. */
interface Newest {
  readonly newest?: readonly string[];
  /** When its time starts. */
  readonly newestAt?: string;
  /** When its time ends. */
  readonly newestUntil?: string;
}

/**
 * The newest of the found partitions. If there is none and the window reaches to the present, the newest partition must be
 * older than the window.
 */
export function newestOf({ newest, layout, window }: FoundPartitions, now: Date): Newest {
  if (newest !== undefined) {
    const until = layout.timeOf(newest.values)?.to ?? newest.from;
    return { newest: newest.values, newestAt: isoOf(newest.from), newestUntil: isoOf(until) };
  }
  const { from, to } = window;
  const reachesNow = to === undefined || to >= now.getTime();
  return layout.hasTime && from !== undefined && reachesNow ? { newestUntil: isoOf(from) } : {};
}

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
