import { identify, type PartitionKey } from "../layout/keys";
import type { Layout } from "../layout/layout";
import { isEverything, overlaps, type Window } from "../layout/window";

/** The latest of the partitions that tell time. */
interface Newest {
  readonly values: readonly string[];
  /** The moment it starts at, in milliseconds since 1970. */
  readonly from: number;
}

/** Examples of what is wrong that are kept; the count goes on. */
const MOST_EXAMPLES = 20;

/** What listing found: the partitions that should be. It keeps their prefixes only, so 100,000 of them stay small. */
export class FoundPartitions {
  /** Prefixes that are none of the table's data: hidden folders, markers, double slashes. */
  ignored = 0;
  /** Prefixes and objects that cannot be partitions, and are not created. */
  problems = 0;
  /** The first of the problems, a sentence each. */
  readonly examples: string[] = [];
  newest: Newest | undefined;
  private readonly byIdentity = new Map<string, string>();
  private readonly withoutTime = new Set<string>();

  constructor(
    readonly layout: Layout,
    readonly keys: readonly PartitionKey[],
    readonly window: Window,
  ) {}

  get size(): number {
    return this.byIdentity.size;
  }

  /** Takes a prefix relative to the table's location: a partition's, junk, or one that does not fit. */
  add(prefix: string): void {
    const parsed = this.layout.parse(prefix);
    if (parsed.kind === "ignored") this.ignored++;
    else if (parsed.kind === "refused") this.report(parsed.reason);
    else this.take(prefix, parsed.values);
  }

  /** Takes an object that lies above the partitions, where no query sees it. */
  stray(key: string): void {
    const name = key.slice(key.lastIndexOf("/") + 1);
    if (name === "" || /^[_.]|\$folder\$$/.test(name)) this.ignored++;
    else this.report(`${key}: it lies above the partitions, so no query reads it`);
  }

  has(identity: string): boolean {
    return this.byIdentity.has(identity);
  }

  /** Each partition's identity and prefix. */
  entries(): IterableIterator<[string, string]> {
    return this.byIdentity.entries();
  }

  /** Values of each partition, for reading them back from Glue one by one. */
  *values(): Generator<readonly string[]> {
    for (const prefix of this.byIdentity.values()) yield this.valuesOf(prefix);
  }

  /** Values of the partitions that have no time in a layout of time: an expression over times does not return them. */
  *timeless(): Generator<readonly string[]> {
    for (const prefix of this.withoutTime) yield this.valuesOf(prefix);
  }

  /** The values that a prefix of these stands for. */
  valuesOf(prefix: string): readonly string[] {
    const parsed = this.layout.parse(prefix);
    return parsed.kind === "partition" ? parsed.values : [];
  }

  private take(prefix: string, values: readonly string[]): void {
    const time = this.layout.isTimed ? this.layout.timeOf(values) : undefined;
    if (time !== undefined && !overlaps(time, this.window)) return;
    const identity = identify(this.keys, values);
    const other = this.byIdentity.get(identity);
    if (other !== undefined && other !== prefix) {
      this.report(
        `${prefix}: it is the same partition as ${other}, which is the one that counts. Move one of them.`,
      );
      return;
    }
    this.byIdentity.set(identity, prefix);
    if (time === undefined && this.layout.isTimed && !isEverything(this.window)) this.withoutTime.add(prefix);
    if (time !== undefined && time.from > (this.newest?.from ?? -Infinity))
      this.newest = { values, from: time.from };
  }

  private report(problem: string): void {
    this.problems++;
    if (this.examples.length < MOST_EXAMPLES) this.examples.push(problem);
  }
}
